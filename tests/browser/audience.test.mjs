/** A webinar: an audience that looks and writes, and is brought on stage. */
import { login, register } from "./api.mjs";
import { scene } from "./scene.mjs";

scene(
  "somebody of the audience is brought on stage and taken off again",
  async (stage) => {
    await stage.begin();
    await register(stage.daemon, "Anna");
    const api = await login(stage.daemon, "Anna");
    await api.room("standup", { mode: "webinar" });
    const anna = await stage.person("Anna");
    await anna.signIn();
    await anna.join("standup");
    const bo = await stage.person("Bo");
    await bo.join("standup");
    await bo.sees("Anna");
    await bo.write("from the audience");
    await anna.reads("from the audience");
    await anna.page.keyboard.press("Escape");
    await anna.page.keyboard.press("p");
    await anna.press("Moderate Bo");
    await anna.page.getByRole("menuitem", { name: /^Bring on stage/ }).click();
    await bo.page
      .getByText("You are on stage: you may speak and show yourself.")
      .first()
      .waitFor();
    await bo.page.keyboard.press("Escape");
    await bo.press("Turn camera on (V)");
    await anna.sees("Bo");
    await anna.press("Moderate Bo");
    await anna.page
      .getByRole("menuitem", { name: "Take off the stage" })
      .click();
    await bo.page.getByText("You are in the audience now.").first().waitFor();
    await anna.tile("Bo").locator("video").waitFor({ state: "detached" });
  },
);
