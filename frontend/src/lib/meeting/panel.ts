/** Which side panel is open. */
export type Panel = 'none' | 'chat' | 'people';
