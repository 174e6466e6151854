"use strict";
/* The simulator's page. What is typed or said goes to this machine's own server; what comes back is shown as text.
   Every visible word comes from the page's words; nothing is written as HTML, so Trusted Types has nothing to refuse. */
(() => {
  const RATE = 16000; // what the recogniser takes
  const LONGEST = 28000; // milliseconds; the server takes thirty seconds

  const words = JSON.parse(document.getElementById("words").textContent);
  const $ = (id) => document.getElementById(id);
  const log = $("log");
  let conversation = crypto.randomUUID(); // in this page's memory only: no cookie, no storage
  let busy = false;

  // ── the log: the one live region ────────────────────────────────────────────────────────────────────────────────

  function paragraph(speaker, text) {
    const line = document.createElement("p");
    if (speaker) {
      const name = document.createElement("b");
      name.textContent = speaker + ": ";
      line.append(name);
    }
    line.append(text);
    return line;
  }

  // What somebody typed they know: it stands in the log, but is not announced. What was heard of them is. It is written
  // when its place, which is not live, is known to a screen reader: with its place it would be read as news of the log.
  function begin(typed) {
    const turn = document.createElement("div");
    turn.className = "turn";
    const you = document.createElement("div");
    you.className = "you";
    you.setAttribute("aria-live", "off");
    const reply = document.createElement("div");
    turn.append(you, reply);
    log.append(turn);
    if (typed) setTimeout(() => you.append(paragraph(words.log.you, typed)), 150);
    return reply;
  }

  function answer(reply, answered) {
    const lines = answered.lines.map((line, at) => paragraph(at ? "" : words.log.guide, line));
    if (answered.heard) lines.unshift(paragraph(words.log.heard, answered.heard));
    if (answered.card) lines.push(paragraph(words.log.note, words.log.card + " " + answered.card));
    if (!answered.open) lines.push(paragraph(words.log.note, words.log.closed));
    reply.append(...lines);
  }

  function note(text, reply) {
    (reply || begin("")).append(paragraph(words.log.note, text));
  }

  // ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────

  // Resolves to what came, or throws an Error whose message is fit to be shown.
  async function post(path, type, body) {
    let response;
    try {
      response = await fetch(path, {
        method: "POST", body, credentials: "omit",
        headers: { "Content-Type": type, "X-Conversation": conversation, "X-Locale": $("locale").value },
      });
    } catch {
      throw new Error(words.trouble.offline);
    }
    if (response.ok) return response;
    let told = "";
    try {
      told = (await response.json()).error;
    } catch { /* not ours: the general words will do */ }
    throw new Error(told || words.trouble.failed);
  }

  const postJson = (path, value) => post(path, "application/json", JSON.stringify(value));

  async function turn(typed, send) {
    if (busy) {
      note(words.trouble.busy);
      return false;
    }
    busy = true;
    const reply = begin(typed);
    try {
      const answered = await (await send()).json();
      answer(reply, answered);
      show(answered);
      if (speaks() && $("always").checked) play();
      return true;
    } catch (error) {
      note(error.message, reply);
      return false;
    } finally {
      busy = false;
    }
  }

  // ── what the skill made of it ───────────────────────────────────────────────────────────────────────────────────

  const made = words.made;

  function slotText(slot) {
    if (slot.heard === null) return slot.name + ": " + made.unfilled;
    return slot.name + ": " + (slot.id || made.unmatched) + ", " + made.from + " “" + slot.heard + "”";
  }

  function show(answered) {
    const texts = {
      utterance: answered.utterance || words.log.opened,
      intent: answered.intent,
      slots: answered.slots.map(slotText).join("; ") || made.none,
      runner_up: answered.runner_up || made.none,
      margin: answered.margin === null ? made.none : Math.round(answered.margin * 100) + " " + made.percent,
      topic: answered.topic || made.none,
      microphone: answered.open ? made.open : made.shut,
      session: (answered.new ? made.new : made.kept) + (answered.open ? "" : ", " + made.over),
    };
    for (const [name, text] of Object.entries(texts)) $("made-" + name).textContent = text;
    $("made-why").replaceChildren(...answered.why.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }));
    $("why-folded").hidden = !answered.why.length;
    $("made-state").textContent = JSON.stringify(answered.response.sessionAttributes || {}, null, 2);
    $("made-request").textContent = JSON.stringify(answered.request, null, 2);
    $("made-response").textContent = JSON.stringify(answered.response, null, 2);
    $("made-empty").hidden = true;
    $("made").hidden = false;
    for (const id of ["play", "save"]) if ($(id)) $(id).hidden = false;
  }

  // ── typed ───────────────────────────────────────────────────────────────────────────────────────────────────────

  $("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = $("utterance").value.trim();
    if (!typed) return note(words.trouble.nothing);
    const answered = await turn(typed, () => postJson("/try/say", { utterance: typed }));
    if (answered && $("utterance").value.trim() === typed) $("utterance").value = "";
  });

  $("open").addEventListener("click", () => turn(words.log.opened, () => postJson("/try/say", { launch: true })));

  function anew() {
    conversation = crypto.randomUUID();
    hush();
    log.replaceChildren();
    $("made").hidden = true;
    $("made-empty").hidden = false;
    for (const id of ["play", "save"]) if ($(id)) $(id).hidden = true;
  }
  $("again").addEventListener("click", () => { anew(); $("utterance").focus(); });
  $("locale").addEventListener("change", anew);

  // ── spoken ──────────────────────────────────────────────────────────────────────────────────────────────────────

  let recorder = null;
  let asking = false; // while the browser asks whether the page may listen
  const talk = $("talk");

  async function listen() {
    let stream;
    asking = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      record(stream);
    } catch {
      if (stream) release(stream);
      note(words.trouble.no_microphone);
    } finally {
      asking = false;
    }
  }

  function release(stream) {
    for (const track of stream.getTracks()) track.stop();
  }

  // Throws where the browser can't record.
  function record(stream) {
    hush();
    const pieces = [];
    const made = new MediaRecorder(stream);
    made.addEventListener("dataavailable", (event) => pieces.push(event.data));
    made.addEventListener("stop", async () => {
      clearTimeout(limit);
      release(stream);
      recorder = null;
      pressed(false);
      let wav;
      try {
        wav = await toWav(new Blob(pieces));
      } catch {
        return note(words.trouble.short);
      }
      turn("", () => post("/try/say", "audio/wav", wav));
    });
    made.start();
    const limit = setTimeout(() => made.stop(), LONGEST);
    recorder = made;
    pressed(true);
  }

  function pressed(on) {
    talk.classList.toggle("on", on); // its name says it; "pressed" as well would say it twice
    talk.textContent = on ? words.speak.listening : words.speak.talk;
  }

  // What the browser recorded, as 16-bit mono WAV at the recogniser's rate.
  async function toWav(blob) {
    const decoder = new OfflineAudioContext(1, 1, RATE);
    const decoded = await decoder.decodeAudioData(await blob.arrayBuffer());
    const context = new OfflineAudioContext(1, Math.ceil(decoded.duration * RATE), RATE);
    const source = context.createBufferSource();
    source.buffer = decoded;
    source.connect(context.destination);
    source.start();
    const samples = (await context.startRendering()).getChannelData(0);
    const view = new DataView(new ArrayBuffer(44 + samples.length * 2));
    const text = (at, letters) => [...letters].forEach((letter, i) => view.setUint8(at + i, letter.charCodeAt(0)));
    text(0, "RIFF"); view.setUint32(4, 36 + samples.length * 2, true); text(8, "WAVEfmt ");
    view.setUint32(16, 16, true); view.setUint16(20, 1, true); view.setUint16(22, 1, true);
    view.setUint32(24, RATE, true); view.setUint32(28, RATE * 2, true);
    view.setUint16(32, 2, true); view.setUint16(34, 16, true);
    text(36, "data"); view.setUint32(40, samples.length * 2, true);
    samples.forEach((sample, i) => view.setInt16(44 + i * 2, Math.max(-1, Math.min(1, sample)) * 32767, true));
    return view.buffer;
  }

  talk.addEventListener("click", () => {
    if (talk.getAttribute("aria-disabled")) return note($("talk-help").textContent);
    if (recorder) return recorder.stop();
    if (busy) return note(words.trouble.busy);
    if (!asking) listen();
  });

  // ── the reply aloud, and the conversation as a test ─────────────────────────────────────────────────────────────

  const voice = new Audio();
  const speaks = () => $("play") !== null;

  async function play() {
    try {
      const spoken = await (await postJson("/try/speech", {})).blob();
      hush();
      voice.src = URL.createObjectURL(spoken);
      await voice.play();
      $("play").textContent = words.reply.stop;
    } catch (error) {
      note(error.name === "NotAllowedError" ? words.trouble.failed : error.message);
    }
  }

  function hush() {
    voice.pause();
    if (voice.src) URL.revokeObjectURL(voice.src);
    voice.removeAttribute("src");
    if (speaks()) $("play").textContent = words.reply.play;
  }

  if (speaks()) {
    voice.addEventListener("ended", hush);
    $("play").addEventListener("click", () => (voice.src ? hush() : play()));
    // Two voices at once are none: where the page speaks by itself, the log is not announced.
    $("always").addEventListener("change", () => log.setAttribute("aria-live", $("always").checked ? "off" : "polite"));
  }

  $("save").addEventListener("click", async () => {
    try {
      const saved = await (await postJson("/try/test", {})).blob();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(saved);
      link.download = "conversation.toml";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (error) {
      note(error.message);
    }
  });
})();
