/** The chat that lasts: for who comes later, over a reload, and until somebody takes a message back. */
import assert from "node:assert/strict";
import { scene } from "./scene.mjs";
import { until } from "./wait.mjs";

const log = (person) => person.page.getByRole("log", { name: "Chat" });

/** What stands in the chat, from above. */
const bodies = (person) => log(person).locator(".body").allInnerTexts();

scene(
  "who comes later reads what was said, in order and once, also over a reload",
  async (stage) => {
    await stage.begin();
    await stage.admin.room("standup");
    const anna = await stage.person("Anna");
    await anna.join("standup");
    for (const message of ["first", "second", "third"])
      await anna.write(message);
    const bo = await stage.person("Bo");
    await bo.join("standup");
    await bo.reads("third");
    assert.deepEqual(await bodies(bo), ["first", "second", "third"]);
    await bo.write("fourth");
    await anna.reads("fourth");
    for (const person of [anna, bo]) {
      await person.page.reload();
      await person.isInside();
      await person.reads("fourth");
      assert.deepEqual(await bodies(person), [
        "first",
        "second",
        "third",
        "fourth",
      ]);
    }
    // a browser that remembers nothing
    const cleo = await stage.person("Cleo");
    await cleo.join("standup");
    await cleo.reads("first");
    assert.deepEqual(await bodies(cleo), [
      "first",
      "second",
      "third",
      "fourth",
    ]);
  },
);

scene(
  "a message that its author takes back is gone for everybody",
  async (stage) => {
    await stage.begin();
    await stage.admin.room("standup");
    const [anna, bo] = await Promise.all(
      ["Anna", "Bo"].map((name) => stage.person(name)),
    );
    await anna.join("standup");
    await bo.join("standup");
    await anna.write("a slip");
    await bo.reads("a slip");
    assert.equal(
      await bo.button("Delete what Anna wrote").count(),
      0,
      "not by others",
    );
    await until("the message to be kept", async () => {
      await log(anna).getByText("a slip").hover();
      await anna.button("Delete what Anna wrote").click();
      return (await bodies(anna)).length === 0;
    });
    await log(bo).getByText("a slip").waitFor({ state: "detached" });
  },
);
