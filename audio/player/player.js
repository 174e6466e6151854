// The player. In: the data in the page (sections, their times, words). Out: sound, and a page that shows where it is.
//
// A classic script, so that the page opens from a folder. It says something in the one live region only after the
// listener did something, and never while the voice just reads on. One listener on the document serves every button
// and every sentence: with one on each, a screen reader says "clickable" at each.
(() => {
  "use strict";

  const SIZES = [80, 100, 125, 150, 175, 200, 250, 300];
  const THEMES = ["auto", "light", "dark", "contrast"];
  const SLOWEST = 0.5;
  const FASTEST = 3;
  const root = document.documentElement;
  const KEY = "audio edition " + root.lang;

  // ── What is kept, on this device only ──

  let kept = {};

  function read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      kept = found && typeof found === "object" ? found : {};
    } catch {
      kept = {}; // no storage, or not ours
    }
    if (!SIZES.includes(kept.size)) kept.size = 100;
    if (!THEMES.includes(kept.theme)) kept.theme = "auto";
    if (!(kept.speed >= SLOWEST && kept.speed <= FASTEST)) kept.speed = 1;
    kept.keys_on = kept.keys_on !== false;
  }

  function keep() {
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // The page works without.
    }
  }

  function look() {
    root.dataset.theme = kept.theme;
    root.style.setProperty("--size", String(kept.size / 100));
  }

  // Before the page is drawn, or it would be drawn twice.
  root.classList.add("js");
  read();
  look();
  document.addEventListener("DOMContentLoaded", start);

  function start() {
    const get = (id) => document.getElementById(id);
    const { words, sections, keys, title, maker } = JSON.parse(get("data").textContent);
    const whole = sections.at(-1).start + sections.at(-1).duration;
    const audio = new Audio();
    const playButton = document.querySelector('[data-do="play"]');
    const seek = get("seek");
    const speed = get("speed");
    let now = 0; // the section's place
    let waiting = 0; // seconds in the section to go to once it is loaded; null when it is there
    let marked = null;
    let timer = 0;

    // ── Where we are ──

    const at = () => (waiting === null ? audio.currentTime : waiting);
    const total = () => Math.min(sections[now].start + at(), whole);

    function pointer() {
      // A recording starts a sentence up to a frame late.
      const next = sections[now].times.findIndex((time) => time > at() + 0.05);
      return (next < 0 ? sections[now].times.length : next) - 1;
    }

    function fill(text, values) {
      return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    }

    function spoken(time) {
      const minutes = Math.floor(Math.round(time) / 60);
      const seconds = Math.round(time) % 60;
      if (!minutes) return seconds === 1 ? words.second : fill(words.seconds, { seconds });
      if (!seconds) return minutes === 1 ? words.minute : fill(words.minutes, { minutes });
      return fill(minutes === 1 ? words.minute_seconds : words.minutes_seconds, { minutes, seconds });
    }

    function clock(time) {
      const seconds = Math.round(time);
      return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    }

    const rate = (value = kept.speed) => value.toFixed(1);
    const tellSection = () =>
      fill(words.at_section, { number: now + 1, count: sections.length, title: sections[now].title });
    const tellPosition = () => fill(words.at_position, { at: spoken(total()), whole: spoken(whole) });
    const tellSentence = () =>
      pointer()
        ? fill(words.at_sentence, { sentence: pointer(), sentences: sections[now].times.length - 1 })
        : words.at_heading;

    function say(...lines) {
      const text = lines.join(" ");
      // The same words again would be no change, and so would not be heard.
      get("said").textContent = get("said").textContent === text ? text + "\u00a0" : text;
    }

    // ── What the page shows ──

    function show(always) {
      get("here").textContent = tellSection();
      get("clock").textContent = fill(words.clock_of, { at: clock(total()), whole: clock(whole) });
      playButton.textContent = audio.paused ? words.play : words.pause;
      // A screen reader reads each change of a slider that has the focus.
      if (always || document.activeElement !== seek) {
        seek.value = String(Math.round(total()));
        seek.setAttribute("aria-valuetext", fill(words.clock_of, { at: spoken(total()), whole: spoken(whole) }));
      }
      const sentence = get("s" + now + "-" + pointer());
      if (sentence === marked) return;
      if (marked) marked.removeAttribute("aria-current");
      sentence.setAttribute("aria-current", "true");
      marked = sentence;
      if (kept.follow && !audio.paused) sentence.scrollIntoView({ block: "center" });
    }

    function showSpeed() {
      audio.defaultPlaybackRate = kept.speed; // a new source starts with this one
      audio.playbackRate = kept.speed;
      speed.value = rate();
      speed.setAttribute("aria-valuetext", rate());
      get("rate").textContent = rate();
    }

    function showSettings() {
      look();
      for (const id of ["go_on", "follow", "keys_on"]) get(id).checked = Boolean(kept[id]);
      get("theme").value = kept.theme;
    }

    // ── Moving ──

    function address(section) {
      // A file's address takes no hash; elsewhere it tells a new recording from an old one in the cache.
      return section.src + (location.protocol === "file:" ? "" : "?v=" + section.hash);
    }

    function load(section) {
      now = section;
      audio.src = address(sections[now]);
      if ("mediaSession" in navigator) {
        navigator.mediaSession.metadata = new MediaMetadata({ title: sections[now].title, artist: maker, album: title });
      }
    }

    function go(section, seconds, playing) {
      if (section !== now || !audio.src) load(section);
      if (audio.readyState) {
        audio.currentTime = seconds;
        waiting = null;
      } else {
        waiting = seconds;
      }
      if (playing) play();
      remember();
      show(true);
    }

    function play() {
      audio.preload = "auto";
      audio.play().catch((error) => {
        if (error.name === "AbortError") return; // another section was chosen meanwhile
        pause();
        say(words.broken);
      });
    }

    function pause() {
      audio.pause();
      show(); // the event of the same name comes later
    }

    function goTo(time) {
      const wanted = Math.max(0, Math.min(time, whole - 0.1));
      const section = sections.findLastIndex((each) => each.start <= wanted);
      const moved = section !== now;
      go(section, wanted - sections[section].start, !audio.paused);
      return moved;
    }

    function jump(seconds) {
      const wanted = total() + seconds;
      const edge = wanted < 0 ? [words.first] : wanted > whole ? [words.last] : [];
      const moved = goTo(wanted);
      say(...edge, tellPosition(), ...(moved ? [tellSection()] : []));
    }

    function sentence(step) {
      let section = now;
      let number = pointer() + step;
      if (number < 0) number = sections[--section] ? sections[section].times.length - 1 : 0;
      else if (number >= sections[section].times.length) {
        section += 1;
        number = 0;
      }
      if (!sections[section]) return say(section < 0 ? words.first : words.last);
      const moved = section !== now;
      go(section, sections[section].times[number], true);
      say(...(moved ? [tellSection()] : []), tellSentence());
    }

    function toSection(section, playing) {
      if (!sections[section]) return say(section < 0 ? words.first : words.last);
      go(section, 0, playing);
      say(tellSection());
    }

    function setSpeed(value) {
      kept.speed = Math.round(Math.max(SLOWEST, Math.min(value, FASTEST)) * 10) / 10;
      showSpeed();
      keep();
    }

    function changeSpeed(value) {
      setSpeed(value);
      const edge = kept.speed === SLOWEST ? words.slowest : kept.speed === FASTEST ? words.fastest : words.at_speed;
      say(fill(edge, { speed: rate() }));
    }

    function setSize(step) {
      const place = Math.max(0, Math.min(step, SIZES.length - 1));
      kept.size = SIZES[place];
      look();
      keep();
      const edge = place === 0 ? words.size_smallest : place === SIZES.length - 1 ? words.size_largest : words.size_now;
      say(fill(edge, { size: kept.size }));
    }

    function remember() {
      kept.section = sections[now].id;
      kept.at = at();
      keep();
    }

    function recall() {
      const found = sections.findIndex((section) => section.id === kept.section);
      now = Math.max(found, 0);
      waiting = found >= 0 && kept.at > 0 && kept.at <= sections[now].duration ? kept.at : 0;
      audio.preload = "none"; // nothing is fetched before the listener plays
      load(now);
      showSettings();
      showSpeed();
      show(true);
    }

    // ── What can be done ──

    const actions = {
      play() {
        if (!audio.paused) {
          pause();
          return say(words.paused, tellSection(), tellSentence());
        }
        if (at() >= sections[now].duration - 0.1) go((now + 1) % sections.length, 0, true);
        else go(now, at(), true);
        return say(words.playing);
      },
      sentence_back: () => sentence(-1),
      sentence_again: () => sentence(0),
      sentence_on: () => sentence(1),
      section_back: () => toSection(now - 1, !audio.paused),
      section_on: () => toSection(now + 1, !audio.paused),
      section: (button) => toSection(Number(button.dataset.section), true),
      back: () => jump(-10),
      forward: () => jump(30),
      slower: () => changeSpeed(kept.speed - 0.1),
      faster: () => changeSpeed(kept.speed + 0.1),
      normal: () => changeSpeed(1),
      smaller: () => setSize(SIZES.indexOf(kept.size) - 1),
      usual: () => setSize(SIZES.indexOf(100)),
      larger: () => setSize(SIZES.indexOf(kept.size) + 1),
      where() {
        // The answer is spoken by a screen reader: the voice waits, or the two would talk at once.
        const paused = audio.paused ? [] : [words.paused];
        pause();
        say(...paused, tellSection(), tellSentence(), tellPosition(), fill(words.at_speed, { speed: rate() }));
      },
      forget() {
        pause();
        kept = {};
        try {
          localStorage.removeItem(KEY);
        } catch {
          // Nothing was kept.
        }
        read();
        recall();
        say(words.forgotten);
      },
    };

    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) return actions[button.dataset.do](button);
      const chosen = event.target.closest(".s");
      if (!chosen || String(getSelection())) return undefined; // a text is selected to be copied
      const [section, number] = chosen.id.slice(1).split("-").map(Number);
      go(section, sections[section].times[number], true);
      return say(tellSection(), tellSentence());
    });

    document.addEventListener("change", (event) => {
      const field = event.target;
      if (field.type === "checkbox") {
        kept[field.id] = field.checked;
        say(fill(field.checked ? words.setting_on : words.setting_off, { setting: words[field.id] }));
      } else if (field.id === "theme") {
        kept.theme = field.value;
        look();
        say(fill(words.theme_now, { theme: field.selectedOptions[0].textContent }));
      }
      keep();
    });

    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || !kept.keys_on || event.defaultPrevented) return;
      if (event.target.closest("select, input[type=text], textarea")) return;
      const action = keys[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      actions[action]();
    });

    // Sliders speak for themselves: their text is what a screen reader reads after each step.
    const STEPS = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30 };
    seek.addEventListener("keydown", (event) => {
      const wanted = event.key === "Home" ? 0 : event.key === "End" ? whole : total() + STEPS[event.key];
      if (Number.isNaN(wanted)) return;
      event.preventDefault();
      goTo(wanted);
    });
    seek.addEventListener("input", () => goTo(Number(seek.value)));
    seek.addEventListener("blur", () => show(true));
    speed.addEventListener("input", () => setSpeed(Number(speed.value)));

    // ── What the recording does by itself ──

    audio.preservesPitch = true;
    audio.webkitPreservesPitch = true;
    audio.addEventListener("loadedmetadata", () => {
      if (waiting !== null) audio.currentTime = waiting;
      waiting = null;
      show();
    });
    audio.addEventListener("play", () => {
      clearInterval(timer);
      timer = setInterval(show, 150);
      show();
    });
    audio.addEventListener("pause", () => {
      clearInterval(timer);
      remember();
      show();
    });
    audio.addEventListener("timeupdate", () => {
      if (Math.abs(at() - (kept.at || 0)) > 3) remember();
    });
    audio.addEventListener("ended", () => {
      if (kept.go_on && now < sections.length - 1) go(now + 1, 0, true);
    });
    addEventListener("pagehide", remember);

    if ("mediaSession" in navigator) {
      const media = {
        play: () => audio.paused && actions.play(),
        pause: () => audio.paused || actions.play(),
        stop: () => audio.paused || actions.play(),
        previoustrack: actions.section_back,
        nexttrack: actions.section_on,
        seekbackward: actions.back,
        seekforward: actions.forward,
        seekto: (details) => go(now, details.seekTime, !audio.paused),
      };
      for (const [name, action] of Object.entries(media)) {
        try {
          navigator.mediaSession.setActionHandler(name, action);
        } catch {
          // A browser that does not know this key.
        }
      }
    }

    // ── Set up ──

    seek.max = String(Math.round(whole));
    for (const own of document.querySelectorAll("#text audio")) own.remove();
    for (const hidden of document.querySelectorAll(".panel, .size, .hint, .heading button")) hidden.hidden = false;
    recall();
    saveForOffline(get("offline"));
  }

  function saveForOffline(told) {
    if (location.protocol === "file:" || !("serviceWorker" in navigator)) return;
    const policy = window.trustedTypes
      ? trustedTypes.createPolicy("sw", { createScriptURL: (url) => url })
      : { createScriptURL: (url) => url };
    navigator.serviceWorker.register(policy.createScriptURL("sw.js")).catch(() => {});
    // Never settles when there is no service worker: then the line stays hidden.
    navigator.serviceWorker.ready.then(() => {
      told.hidden = false;
    });
  }
})();
