// The baseline in Node: the smallest skill that ask-sdk-core makes there. `node bare.js EVENT ANSWER [times]` prints the
// median of so many warm answers in milliseconds, or, without times, answers once.
const Alexa = require('ask-sdk-core');

const [event, answer] = process.argv.slice(2, 4).map((text) => JSON.parse(text));
const times = Number(process.argv[4] || 0);
const handler = Alexa.SkillBuilders.custom()
  .addRequestHandlers({
    canHandle: () => true,
    handle: (input) => input.responseBuilder
      .speak(answer.speech)
      .reprompt(answer.reprompt)
      .withSimpleCard('card', answer.card)
      .withShouldEndSession(false)
      .getResponse(),
  })
  .create();

(async () => {
  if (!times) {
    await handler.invoke(event);
    return;
  }
  for (let i = 0; i < 200; i += 1) await handler.invoke(event);
  const taken = [];
  for (let i = 0; i < times; i += 1) {
    const start = process.hrtime.bigint();
    await handler.invoke(event);
    taken.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  taken.sort((one, other) => one - other);
  console.log(taken[times >> 1]);
})();
