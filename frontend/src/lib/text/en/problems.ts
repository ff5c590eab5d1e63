/** The English sentences for failures, by the stable code of the server's answer; loaded at the first of them. */
export const problems = {
  name_invalid: 'This name cannot be used. It needs at least 2 characters that can be seen, and at most 50.',
  title_invalid:
    'A room cannot be called that. Give at most 80 characters that can be seen, or leave it empty.',
  mail_invalid: 'This is not an e-mail address. It should look like anna@example.org.',
  mail_taken: 'This e-mail address is in use already.',
  password_wrong: 'Your current password is not right.',
  password_needed: 'Another e-mail address asks for your current password.',
  password_invalid: 'A password has 12 to 128 characters.',
  registration_refused: 'No account could be made with this address. Sign in if you have one already.',
  passkey_refused: 'This passkey opens no account here. Try again, or use your password.',
  passkey_invalid: 'The passkey was not made. Try again.',
  passkey_copied: 'This passkey may have been copied. Sign in another way and remove it.',
  passkeys_off: 'This server takes no passkeys.',
  last_way_in: 'This is your only way in. Set a password or add another passkey first.',
  provider_unknown: 'This server does not know that way in. Choose another one.',
  provider_unreachable:
    'The other service does not answer at the moment. Try again later, or sign in another way.',
  provider_invalid:
    'What the other service answered cannot be believed. Try again later, or sign in another way.',
  provider_refused: 'The other service refuses this server. Tell its administrator, and sign in another way.',
  provider_denied: 'You did not agree at the other service. Try again, or sign in another way.',
  sign_in_stale: 'This sign-in was used, took too long, or was begun in another browser. Begin again.',
  provider_mail_unverified:
    'The other service does not say that your e-mail address is yours. Confirm it there first.',
  provider_mail_missing:
    'The other service does not tell your e-mail address. Allow it there, or sign in another way.',
  provider_mail_held:
    'There is an account with your e-mail address here. Sign in to it another way, and link the two in its settings.',
  provider_linked_elsewhere:
    'That account is linked with somebody else here. Sign in by it, and unlink it in the settings first.',
  provider_not_allowed:
    'You are in none of the groups that may come in here. Ask the administrator of this server.',
  links_many: 'You have linked as many accounts as you can. Remove one first.',
  invitation_invalid:
    'This invitation is over, was used already, or is for another e-mail address. Ask for another one.',
  proof_needed: 'Give your password, or sign in again with your passkey and delete your account then.',
  account_disabled: 'This account is switched off. Ask the administrator of this server.',
  setup_token_wrong: 'This set-up link is not right. Open the one that the server printed last, in full.',
  setup_done: 'This server is set up already. Sign in instead.',
  room_quota: 'You have as many rooms as this server allows. Delete one first.',
  room_name_taken: 'There is already a room of that name. Choose another one.',
  max_participants_invalid: 'This server does not allow rooms of that size.',
  invitation_unknown: 'This invitation is not for this room. Check the whole link.',
  invitation_revoked: 'This invitation was taken back. Ask whoever sent it for another.',
  invitation_expired: 'This invitation has expired. Ask whoever sent it for another.',
  invitation_used: 'This invitation has been used. Ask whoever sent it for another.',
  webhook_url_invalid:
    'Only a whole URL can be called, with http or https and a host, and without a name or password.',
  webhook_address_refused:
    'This URL leads into this machine or its network. Use one of the internet, or have webhooks.allowedNetworks of the configuration allow it.',
  webhook_quota: 'There are as many webhooks as there may be. Delete one first.',
};
