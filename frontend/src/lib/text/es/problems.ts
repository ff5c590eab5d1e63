/** Las frases españolas de los fallos, por el código de la respuesta del servidor. */
import type { problems as english } from '../en/problems';

export const problems: typeof english = {
  name_invalid: 'Este nombre no se puede usar. Necesita al menos 2 caracteres visibles y como máximo 50.',
  title_invalid: 'Una sala no se puede llamar así. Usa como máximo 80 caracteres visibles, o déjalo vacío.',
  mail_invalid: 'Esto no es una dirección de correo. Debe parecerse a anna@example.org.',
  mail_taken: 'Esta dirección de correo ya está en uso.',
  password_wrong: 'Tu contraseña actual no es correcta.',
  password_needed: 'Para cambiar el correo hace falta tu contraseña actual.',
  password_invalid: 'Una contraseña tiene de 12 a 128 caracteres.',
  registration_refused: 'No se pudo crear una cuenta con esta dirección. Si ya tienes una, inicia sesión.',
  passkey_refused:
    'Esta llave de acceso no abre ninguna cuenta aquí. Inténtalo de nuevo o usa tu contraseña.',
  passkey_invalid: 'No se creó la llave de acceso. Inténtalo de nuevo.',
  passkey_copied: 'Puede que exista una copia de esta llave de acceso. Entra de otra manera y quítala.',
  passkeys_off: 'Este servidor no admite llaves de acceso.',
  last_way_in: 'Es tu única forma de entrar. Pon primero una contraseña o añade otra llave de acceso.',
  provider_unknown: 'Este servidor no conoce esa forma de entrar. Elige otra.',
  provider_unreachable: 'El otro servicio no responde ahora. Inténtalo más tarde o entra de otra manera.',
  provider_invalid:
    'La respuesta del otro servicio no es de fiar. Inténtalo más tarde o entra de otra manera.',
  provider_refused:
    'El otro servicio rechaza este servidor. Díselo a su administrador y entra de otra manera.',
  provider_denied: 'No diste tu permiso en el otro servicio. Inténtalo de nuevo o entra de otra manera.',
  sign_in_stale:
    'Este inicio de sesión ya se usó, tardó demasiado o empezó en otro navegador. Empieza de nuevo.',
  provider_mail_unverified:
    'El otro servicio no dice que tu dirección de correo sea tuya. Confírmala primero allí.',
  provider_mail_missing:
    'El otro servicio no da tu dirección de correo. Permítelo allí o entra de otra manera.',
  provider_mail_held:
    'Aquí ya hay una cuenta con tu dirección de correo. Entra en ella de otra manera y vincula las dos en sus ajustes.',
  provider_linked_elsewhere:
    'Esa cuenta está vinculada aquí con otra persona. Entra con ella y desvincúlala primero en los ajustes.',
  provider_not_allowed:
    'No estás en ninguno de los grupos que pueden entrar aquí. Pregunta al administrador de este servidor.',
  links_many: 'No puedes vincular más cuentas. Quita una primero.',
  invitation_invalid: 'Esta invitación ha caducado, ya se usó o es para otra dirección de correo. Pide otra.',
  proof_needed: 'Escribe tu contraseña, o entra otra vez con tu llave de acceso y elimínala después.',
  account_disabled: 'Esta cuenta está desactivada. Pregunta al administrador de este servidor.',
  setup_token_wrong:
    'Este enlace de instalación no es correcto. Abre completo el último que mostró el servidor.',
  setup_done: 'Este servidor ya está instalado. Inicia sesión.',
  room_quota: 'Tienes tantas salas como permite este servidor. Elimina una primero.',
  room_name_taken: 'Ya hay una sala con ese nombre. Elige otro.',
  max_participants_invalid: 'Este servidor no permite salas de ese tamaño.',
  invitation_unknown: 'Esta invitación no es para esta sala. Comprueba el enlace completo.',
  invitation_revoked: 'Esta invitación se retiró. Pide otra.',
  invitation_expired: 'Esta invitación ha caducado. Pide otra.',
  invitation_used: 'Esta invitación ya se usó. Pide otra.',
  webhook_url_invalid:
    'Solo se puede llamar a una URL completa, con http o https y un servidor, sin nombre ni contraseña.',
  webhook_address_refused:
    'Esta URL lleva a esta máquina o a su red. Usa una de Internet, o permite esa red con webhooks.allowedNetworks en la configuración.',
  webhook_quota: 'Hay tantos webhooks como puede haber. Borra uno primero.',
};
