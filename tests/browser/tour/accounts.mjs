/** Before there is anything: the first administrator, the start page, signing in and up, a wrong address. */

export async function accounts({ stage, invite, show, cast, host }) {
  const token = stage.daemon.setupToken();
  await host.goTo(`/setup#${token}`);
  await host.heading(host.words.account.setupTitle).waitFor();
  await show('set-up', host.page);
  await host.signUp(token);
  await host.page.getByText(host.words.rooms.empty).waitFor();
  await show('dashboard-empty', host.page);

  const stranger = await invite(cast.stranger);
  const { account, common, join, notFound, start } = stranger.words;
  await stranger.goTo('/');
  await stranger.heading(start.title).waitFor();
  await show('start', stranger.page);
  await stranger.fill(start.field, 'A&B');
  await stranger.press(start.join);
  await stranger.page.getByText(start.notARoom).waitFor();
  await show('start-no-room', stranger.page);
  await stranger.goTo('/signup');
  await stranger.press(common.signUp);
  await stranger.page.getByText(account.passwordMissing).waitFor();
  await show('sign-up', stranger.page);
  await stranger.goTo('/signin');
  await stranger.fill(account.mail, 'sam@example.org');
  await stranger.fill(account.password, 'not the right one');
  await stranger.press(common.signIn);
  await stranger.page.getByText(account.wrong).waitFor();
  await show('sign-in', stranger.page);
  for (const [name, address, title] of [
    ['forgot', '/forgot', account.forgotTitle],
    ['reset', '/reset#nothing', account.resetTitle],
    ['verify', '/verify#nothing', account.verifyTitle],
    ['back', '/auth/callback#error=sign_in_stale', account.signInTitle],
  ]) {
    await stranger.goTo(address);
    await stranger.heading(title).waitFor();
    await show(name, stranger.page);
  }
  await stranger.goTo('/nothing-here');
  await stranger.heading(notFound.title).waitFor();
  await show('no-page', stranger.page);
  await stranger.close();
}
