//! Letters in Portuguese.

use super::Words;

pub(super) const WORDS: Words = Words {
    hint: "Se o botão não funcionar, copie este link para o seu navegador:",
    footer: "Enviado automaticamente por {server} ({url}). Ninguém lê as respostas a esta mensagem.",
    not_you: "Se não foi você, mude a sua senha imediatamente e avise o administrador do servidor.",
    reset_subject: "Redefinir a sua senha de {server}",
    reset_text: "Alguém pediu uma nova senha para a sua conta em {server}. Com este link você escolhe uma. Ele serve uma única vez, até {until}.",
    reset_button: "Escolher uma nova senha",
    reset_after: "Se não foi você, não faça nada: a sua senha continua a mesma.",
    verify_subject: "Confirme o seu endereço de e-mail para {server}",
    verify_text: "Confirme que este endereço de e-mail pertence à sua conta em {server}. O link é válido até {until}.",
    verify_button: "Confirmar o endereço",
    verify_after: "Se você não tem uma conta em {server}, não faça nada.",
    address_subject: "O seu endereço de e-mail em {server} foi alterado",
    address_text: "A sua conta em {server} tem agora o endereço de e-mail {mail}. A partir de agora, as mensagens dela vão para lá.",
    password_subject: "A sua senha de {server} foi alterada",
    password_text: "A senha da sua conta em {server} foi alterada ({at}), e todos os dispositivos conectados foram desconectados.",
    device_subject: "Novo acesso à sua conta em {server}",
    device_text: "Alguém entrou na sua conta em {server} por um dispositivo que não tinha sido usado antes.\nHora: {at}\nEndereço de rede: {address}\nDispositivo: {device}",
    device_button: "Ver os seus dispositivos",
    invitation_subject: "Convite para {server}",
    invitation_text: "Você foi convidado a criar uma conta em {server}. O link serve uma única vez, até {until}.",
    invitation_button: "Criar uma conta",
    invitation_after: "Se você não sabe do que se trata, não faça nada.",
};
