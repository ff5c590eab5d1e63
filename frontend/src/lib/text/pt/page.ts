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
  notFound: {
    title: 'Não há nada neste endereço',
    body: 'Verifique o link ou comece de novo.',
  },
  broken: {
    title: 'Esta página não pôde ser carregada',
    body: 'Verifique sua conexão e tente de novo. Nada do que é seu se perdeu.',
  },
};
