/** Las palabras españolas de todas las páginas. */
import type { page as english } from '../en/page';
import { grammar } from '../grammar';

const { plural } = grammar('es');

export const page: typeof english = {
  appName: 'Bedrud',
  common: {
    copy: 'Copiar el enlace',
    copied: 'Enlace copiado',
    cancel: 'Cancelar',
    close: 'Cerrar',
    retry: 'Intentar de nuevo',
    undo: 'Deshacer',
    save: 'Guardar',
    settings: 'Ajustes',
    administration: 'Administración',
    yourRooms: 'Tus salas',
    startPage: 'Página de inicio',
    signIn: 'Iniciar sesión',
    signOut: 'Cerrar sesión',
    signUp: 'Crear una cuenta',
    unreachable: 'El servidor no responde. Comprueba tu conexión e inténtalo de nuevo.',
    unexpected: 'El servidor no pudo hacerlo. Inténtalo de nuevo en un momento.',
    tooMany: (seconds) =>
      plural(seconds, {
        one: 'Demasiados intentos. Inténtalo de nuevo en # segundo.',
        other: 'Demasiados intentos. Inténtalo de nuevo en # segundos.',
      }),
  },
  start: {
    title: 'Unirse a una reunión',
    lead: 'Pega el enlace que te enviaron o escribe el nombre de la sala.',
    field: 'Enlace o nombre de la sala',
    join: 'Unirse',
    recent: 'Recientes en este navegador',
    forget: (room) => `Olvidar ${room}`,
    notARoom:
      'Eso no es una sala: los nombres tienen de 3 a 63 letras minúsculas, cifras y guiones, como design-review.',
    otherServer: (host) => `Ese enlace es de ${host}. Ábrelo allí.`,
    run: (host, name) =>
      name
        ? `${name} mantiene ${host}. Las reuniones pasan solo por este servidor.`
        : `Las reuniones pasan solo por ${host}.`,
    setup: 'Este servidor aún no tiene administrador. Abre el enlace de instalación que mostró al arrancar.',
  },
  language: 'Idioma',
  notFound: {
    title: 'No hay nada en esta dirección',
    body: 'Comprueba el enlace o empieza de nuevo.',
  },
  broken: {
    title: 'No se pudo cargar esta página',
    body: 'Comprueba tu conexión e inténtalo de nuevo. No se ha perdido nada tuyo.',
  },
};
