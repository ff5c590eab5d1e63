/** Listens to one's own microphone: to say once that one speaks while muted, and to notice one that gives no sound. */
import { RoomEvent, Track, TrackEvent, type LocalTrackPublication, type Room } from 'livekit-client';
import type { Tell } from '../events';
import { Level } from './level';

const EVERY_MS = 200;
const DEAD_MS = 5000;
/** Speech is loud for most of a second; a cough or a key is not. */
const WINDOW = 6;
const LOUD_OF_WINDOW = 4;
const LOUD = 0.45;

export class Ear {
  /** The microphone is on, and nothing comes of it. */
  silent = $state(false);

  #tell: Tell;
  #stop = () => {};

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  follow(room: Room): void {
    const listen = () => {
      if (room.state !== 'disconnected')
        this.#listen(room.localParticipant.getTrackPublication(Track.Source.Microphone));
    };
    room
      .on(RoomEvent.LocalTrackPublished, (publication) => {
        if (publication.source !== Track.Source.Microphone) return;
        publication.track?.on(TrackEvent.Restarted, listen);
        listen();
      })
      .on(RoomEvent.TrackMuted, (publication, participant) => {
        if (participant.isLocal && publication.source === Track.Source.Microphone) listen();
      })
      .on(RoomEvent.TrackUnmuted, (publication, participant) => {
        if (participant.isLocal && publication.source === Track.Source.Microphone) listen();
      })
      .on(RoomEvent.LocalTrackUnpublished, listen)
      .on(RoomEvent.Disconnected, () => this.close());
  }

  close(): void {
    this.#stop();
    this.#stop = () => {};
    this.silent = false;
  }

  #listen(publication: LocalTrackPublication | undefined): void {
    this.close();
    const track = publication?.track?.mediaStreamTrack;
    if (!publication || track?.readyState !== 'live') return;
    const muted = publication.isMuted;
    // A muted track is silent for us, too; its twin goes nowhere but here.
    const heard = muted ? track.clone() : track;
    heard.enabled = true;
    const level = new Level(heard);
    const listen = muted ? this.#forSpeech(level) : this.#forSilence(level);
    const timer = setInterval(() => level.running && listen(), EVERY_MS);
    this.#stop = () => {
      clearInterval(timer);
      level.close();
      if (muted) heard.stop();
    };
  }

  #forSpeech(level: Level): () => void {
    let recent: boolean[] = [];
    let said = false;
    return () => {
      if (said) return;
      recent = [...recent, level.now() > LOUD].slice(-WINDOW);
      said = recent.filter(Boolean).length >= LOUD_OF_WINDOW;
      if (said) this.#tell({ kind: 'speakingMuted' });
    };
  }

  #forSilence(level: Level): () => void {
    let since = Date.now();
    return () => {
      if (!level.isDead()) since = Date.now();
      this.silent = Date.now() - since >= DEAD_MS;
    };
  }
}
