/** As palavras portuguesas de todas as páginas. */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { plural } = grammar('pt');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: 'Copiar link',
    copied: 'Link copiado',
    cancel: 'Cancelar',
    close: 'Fechar',
    retry: 'Tentar de novo',
    undo: 'Desfazer',
    save: 'Salvar',
    settings: 'Configurações',
    administration: 'Administração',
    yourRooms: 'Suas salas',
    startPage: 'Página inicial',
    signIn: 'Entrar na conta',
    signOut: 'Sair da conta',
    signUp: 'Criar uma conta',
    unreachable: 'O servidor não responde. Verifique sua conexão e tente de novo.',
    unexpected: 'O servidor não conseguiu fazer isso. Tente de novo daqui a pouco.',
    tooMany: (seconds) =>
      plural(seconds, {
        one: 'Tentativas demais. Tente de novo em # segundo.',
        other: 'Tentativas demais. Tente de novo em # segundos.',
      }),
  },
  start: {
    title: 'Participar de uma reunião',
    lead: 'Cole o link que você recebeu ou digite o nome da sala.',
    field: 'Link ou nome da sala',
    join: 'Participar',
    recent: 'Recentes neste navegador',
    forget: (room) => `Esquecer ${room}`,
    notARoom:
      'Isso não é uma sala: os nomes têm de 3 a 63 letras minúsculas, algarismos e hifens, como design-review.',
    otherServer: (host) => `Esse link é de ${host}. Abra-o lá.`,
    run: (host, name) =>
      name
        ? `${host} é mantido por ${name}. As reuniões passam somente por este servidor.`
        : `As reuniões passam somente por ${host}.`,
    setup: 'Este servidor ainda não tem administrador. Abra o link de instalação que ele mostrou ao iniciar.',
  },
  language: 'Idioma',
  problems: {
    name_invalid:
      'Este nome não pode ser usado. Precisa de pelo menos 2 caracteres visíveis e de 50 no máximo.',
    title_invalid: 'Uma sala não pode ter esse nome. Use no máximo 80 caracteres visíveis, ou deixe vazio.',
    mail_invalid: 'Isto não é um endereço de e-mail. Deve ser parecido com anna@example.org.',
    mail_taken: 'Este endereço de e-mail já está em uso.',
    password_wrong: 'Sua senha atual não está certa.',
    password_needed: 'Para mudar o e-mail é preciso a sua senha atual.',
    password_invalid: 'Uma senha tem de 12 a 128 caracteres.',
    registration_refused: 'Não foi possível criar uma conta com este endereço. Se já tem uma, entre nela.',
    passkey_refused: 'Esta chave de acesso não abre nenhuma conta aqui. Tente de novo ou use sua senha.',
    passkey_invalid: 'A chave de acesso não foi criada. Tente de novo.',
    passkey_copied: 'Pode haver uma cópia desta chave de acesso. Entre de outra forma e remova-a.',
    passkeys_off: 'Este servidor não aceita chaves de acesso.',
    last_way_in:
      'É a sua única forma de entrar. Defina primeiro uma senha ou adicione outra chave de acesso.',
    invitation_invalid: 'Este convite expirou, já foi usado ou é para outro endereço de e-mail. Peça outro.',
    proof_needed: 'Digite sua senha, ou entre de novo com a chave de acesso e exclua em seguida.',
    account_disabled: 'Esta conta está desativada. Fale com o administrador deste servidor.',
    setup_token_wrong:
      'Este link de instalação não está certo. Abra por inteiro o último que o servidor mostrou.',
    setup_done: 'Este servidor já está instalado. Entre na sua conta.',
    room_quota: 'Você já tem todas as salas que este servidor permite. Exclua uma primeiro.',
    room_name_taken: 'Já existe uma sala com esse nome. Escolha outro.',
    max_participants_invalid: 'Este servidor não permite salas desse tamanho.',
    invitation_unknown: 'Este convite não é para esta sala. Confira o link inteiro.',
    invitation_revoked: 'Este convite foi retirado. Peça outro.',
    invitation_expired: 'Este convite expirou. Peça outro.',
    invitation_used: 'Este convite já foi usado. Peça outro.',
  },
  notFound: {
    title: 'Não há nada neste endereço',
    body: 'Verifique o link ou comece de novo.',
  },
  broken: {
    title: 'Esta página não pôde ser carregada',
    body: 'Verifique sua conexão e tente de novo. Nada do que é seu se perdeu.',
  },
};
