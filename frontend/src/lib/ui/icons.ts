/** The one set of icons: paths on a 24 px grid, drawn with a round 1.8 px stroke. */
export const icons = {
  mic: '<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5 11a7 7 0 0 0 14 0M12 18v3"/>',
  micOff:
    '<path d="M9 9v2a3 3 0 0 0 5 2.2M15 10V6a3 3 0 0 0-5.700-1.300M5 11a7 7 0 0 0 11 5.700M19 11a7 7 0 0 1-.6 2.800M12 18v3M4 4l16 16"/>',
  camera: '<rect x="3" y="6" width="12" height="12" rx="2.500"/><path d="m15 11 6-3.500v9L15 13"/>',
  cameraOff:
    '<path d="M9 6h3.500A2.500 2.500 0 0 1 15 8.500V11l6-3.500v9l-2-1.200M15 15v.5a2.500 2.500 0 0 1-2.500 2.500h-7A2.500 2.500 0 0 1 3 15.500v-7A2.500 2.500 0 0 1 5 6M4 4l16 16"/>',
  screen:
    '<rect x="3" y="4" width="18" height="13" rx="2.500"/><path d="M8 21h8M12 14V8M9 10.500 12 7.500l3 3"/>',
  screenOff:
    '<rect x="3" y="4" width="18" height="13" rx="2.500"/><path d="M8 21h8M9.500 8l5 5M14.500 8l-5 5"/>',
  chat: '<path d="M4 5h16v11H9l-5 4z"/>',
  people:
    '<circle cx="9" cy="8" r="3.500"/><path d="M2.500 20a6.500 6.500 0 0 1 13 0M16 5a3.500 3.500 0 0 1 0 6.500M18 14.500a6.500 6.500 0 0 1 3.500 5.500"/>',
  leave: '<path d="M3 13.500c5-5 13-5 18 0l-2.500 3-4-2v-2.600a9 9 0 0 0-5 0v2.600l-4 2z"/>',
  more: '<path d="M5 12v.01M12 12v.01M19 12v.01" stroke-width="3"/>',
  settings:
    '<path d="M4 8h9M17 8h3M4 16h3M11 16h9"/><circle cx="15" cy="8" r="2"/><circle cx="9" cy="16" r="2"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  send: '<path d="M4 12 20 4l-6 16-3-7z"/>',
  link: '<path d="M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  lock: '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
  trash: '<path d="M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7M10.500 11v5M13.500 11v5"/>',
  down: '<path d="m7 10 5 5 5-5"/>',
  left: '<path d="m14 6-6 6 6 6"/>',
  right: '<path d="m10 6 6 6-6 6"/>',
  grid: '<rect x="3.500" y="4.500" width="7" height="6" rx="1.500"/><rect x="13.500" y="4.500" width="7" height="6" rx="1.500"/><rect x="3.500" y="13.500" width="7" height="6" rx="1.500"/><rect x="13.500" y="13.500" width="7" height="6" rx="1.500"/>',
  pin: '<path d="M9 4h6l-.8 6 3.300 3v1.500h-11V13l3.300-3zM12 14.500V20"/>',
  unpin: '<path d="M9 4h6l-.8 6 3.300 3v1.500h-11V13l3.300-3zM12 14.500V20M4 4l16 16"/>',
  full: '<path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/>',
  stage:
    '<rect x="3" y="4.500" width="12.500" height="15" rx="2"/><path d="M19 5.500v2M19 11v2M19 16.500v2" stroke-width="3"/>',
  float:
    '<path d="M21 10V7a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h4"/><rect x="12.500" y="13" width="9" height="7" rx="1.500"/>',
  bars: '<path d="M5 15v4M12 10v9M19 5v14" stroke-width="3"/>',
  apart:
    '<rect x="3" y="5" width="18" height="14" rx="2.500"/><rect x="12.500" y="11.500" width="6" height="5" rx="1"/>',
  blur: '<circle cx="12" cy="9.500" r="3.500"/><path d="M5.500 20a6.500 6.500 0 0 1 13 0M4 4v.01M8 4v.01M16 4v.01M20 4v.01M4 8.500v.01M20 8.500v.01M4 13v.01M20 13v.01"/>',
  check: '<path d="m5 12.500 4.500 4.500L19 7.500"/>',
  warning: '<path d="M12 4 2.800 19.500h18.400zM12 10v4.500M12 17v.01"/>',
  speaker:
    '<path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"/>',
  hand: '<path d="M7 12V6.500a1.500 1.500 0 0 1 3 0V11V4.500a1.500 1.500 0 0 1 3 0V11V5.500a1.500 1.500 0 0 1 3 0V12V8.500a1.500 1.500 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.500-1.500-6-4l-2-3.500a1.500 1.500 0 0 1 2.500-1.600L7 13"/>',
  smile: '<circle cx="12" cy="12" r="9"/><path d="M8.500 14a4 4 0 0 0 7 0M9 9.500v.01M15 9.500v.01"/>',
  search: '<circle cx="11" cy="11" r="6"/><path d="m20 20-4.500-4.500"/>',
  keyboard:
    '<rect x="3" y="6" width="18" height="12" rx="2.500"/><path d="M7 10v.01M11 10v.01M15 10v.01M17 14v.01M7 14v.01M10 14h4"/>',
  bell: '<path d="M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4"/>',
  copy: '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M15 5.500V5a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v8a2 2 0 0 0 2 2h.5"/>',
  reply: '<path d="m9 7-5 5 5 5M4 12h9a7 7 0 0 1 7 6.500"/>',
} as const;

export type IconName = keyof typeof icons;

/** Those that point along the line, and so turn about where it is read from the right. */
export const directed: ReadonlySet<IconName> = new Set([
  'send',
  'reply',
  'left',
  'right',
  'chat',
  'speaker',
  'stage',
  'apart',
]);
