//! Letters in Spanish.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "Si el botón no funciona, copia este enlace en tu navegador:",
    footer: "Enviado automáticamente por {server} ({url}). Nadie lee las respuestas a este mensaje.",
    not_you: "Si no has sido tú, cambia tu contraseña de inmediato y avisa al administrador del servidor.",
    reset_subject: "Restablece tu contraseña de {server}",
    reset_text: "Alguien ha pedido una contraseña nueva para tu cuenta en {server}. Con este enlace puedes elegir una. Sirve una sola vez, hasta {until}.",
    reset_button: "Elegir una contraseña nueva",
    reset_after: "Si no has sido tú, no hagas nada: tu contraseña sigue igual.",
    verify_subject: "Confirma tu dirección de correo para {server}",
    verify_text: "Confirma que esta dirección de correo pertenece a tu cuenta en {server}. El enlace es válido hasta {until}.",
    verify_button: "Confirmar la dirección",
    verify_after: "Si no tienes una cuenta en {server}, no hagas nada.",
    address_subject: "Tu dirección de correo de {server} ha cambiado",
    address_text: "Tu cuenta en {server} tiene ahora la dirección de correo {mail}. A partir de ahora, sus mensajes irán allí.",
    password_subject: "Tu contraseña de {server} ha cambiado",
    password_text: "La contraseña de tu cuenta en {server} ha cambiado ({at}) y se ha cerrado la sesión en todos los dispositivos.",
    device_subject: "Nuevo inicio de sesión en tu cuenta de {server}",
    device_text: "Alguien ha iniciado sesión en tu cuenta de {server} desde un dispositivo que no se había usado antes.\nHora: {at}\nDirección de red: {address}\nDispositivo: {device}",
    device_button: "Ver tus dispositivos",
    invitation_subject: "Te invitan a {server}",
    invitation_text: "Te invitan a crear una cuenta en {server}. El enlace sirve una sola vez, hasta {until}.",
    invitation_button: "Crear una cuenta",
    invitation_after: "Si no sabes de qué se trata, no hagas nada.",
};
