/** The shapes of the wire contract that the page reads. */

export interface User {
  id: string;
  email: string;
  name: string;
  provider: string;
  avatarUrl: string;
  accesses: string[];
}

export interface Tokens {
  accessToken: string;
  refreshToken: string;
}

export interface Login {
  user: User;
  tokens: Tokens;
}

/** Where mail addresses have to be proven first, an account answers this instead of a login. */
export interface VerificationNeeded {
  requiresVerification: true;
  message: string;
  email: string;
}

export interface ServerSettings {
  serverName: string;
  registrationEnabled: boolean;
  guestLoginEnabled: boolean;
  setupRequired?: boolean;
}

export interface RoomSettings {
  allowChat: boolean;
  allowVideo: boolean;
  allowAudio: boolean;
}

export interface Room {
  id: string;
  name: string;
  isActive: boolean;
  isPublic: boolean;
  maxParticipants: number;
  createdAt: string;
  lastActivityAt: string | null;
  adminId: string;
  settings: RoomSettings;
}

/** What opens the door: the SFU's address and a token for it. */
export interface Admission {
  id: string;
  name: string;
  token: string;
  livekitHost: string;
  adminId: string;
  settings?: RoomSettings;
}

/** A closed room answers its owner with 200 and this status; a lobby answers 202 and a ticket. */
export type JoinAnswer = Admission | { status: 'archived_owned'; name: string } | { status: 'waiting' };

export interface Presence {
  count?: number;
  participants?: { identity: string; name: string; avatarUrl: string }[];
}
