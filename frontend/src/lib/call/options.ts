/** How the call is set up: quality, codecs, and how stubbornly it reconnects. */
import { AudioPresets, VideoPresets, type ReconnectPolicy, type RoomOptions } from 'livekit-client';
import { LONGEST_STREAM_BYTES } from './chat/streams';
import { AUDIO } from './media/kinds';

const PATIENCE_MS = 60_000;
const STEPS_MS = [0, 50, 300, 800, 1500, 2000];

/**
 * Quick at first: after a restart of the SFU the first try only learns that everything has to begin anew, the second
 * does it, and the server holds both until it is ready. Then every 2 s; after a minute the page joins anew.
 */
const reconnectPolicy: ReconnectPolicy = {
  nextRetryDelayInMs({ retryCount, elapsedMs }) {
    if (elapsedMs > PATIENCE_MS) return null;
    const base = STEPS_MS[Math.min(retryCount, STEPS_MS.length - 1)] ?? 2000;
    // A little chance keeps a whole meeting from knocking at the same instant.
    return retryCount < 2 ? base : base + Math.random() * 500;
  },
};

export function roomOptions(chosen: { microphone: string; camera: string; speaker: string }): RoomOptions {
  return {
    adaptiveStream: true,
    // What is packed may be unpacked to five gigabytes otherwise.
    dataStream: { maxPayloadByteLength: LONGEST_STREAM_BYTES },
    dynacast: true,
    reconnectPolicy,
    audioCaptureDefaults: { ...AUDIO, deviceId: chosen.microphone || undefined },
    audioOutput: chosen.speaker ? { deviceId: chosen.speaker } : undefined,
    videoCaptureDefaults: {
      resolution: VideoPresets.h720.resolution,
      deviceId: chosen.camera || undefined,
    },
    publishDefaults: {
      simulcast: true,
      videoSimulcastLayers: [VideoPresets.h180, VideoPresets.h360],
      videoEncoding: VideoPresets.h720.encoding,
      videoCodec: 'vp8',
      // When the line cannot carry both, it carries the voice.
      audioPreset: { ...AudioPresets.speech, priority: 'high' },
      red: true,
      dtx: true,
    },
  };
}
