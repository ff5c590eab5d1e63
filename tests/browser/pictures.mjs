/** Moving pictures as files that the crowd can send: VP8 in IVF, made by ffmpeg, with a key frame every second. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FRAMES_PER_SECOND = 12;

/** A test card that moves, of this many seconds. `hue` (degrees) tells one from the other. */
export function testCard(path, { width = 320, height = 180, seconds = 2, hue = 0, rate } = {}) {
  const card = `testsrc2=size=${width}x${height}:rate=${FRAMES_PER_SECOND}:duration=${seconds},hue=h=${hue}`;
  return ffmpeg(['-f', 'lavfi', '-i', card], path, height, rate);
}

/** The same pictures as in a file of raw video, at this height; `mirrored` makes one face serve for two people. */
export function encode(source, path, height, mirrored = false) {
  return ffmpeg(['-i', source, '-vf', `scale=-2:${height}${mirrored ? ',hflip' : ''}`], path, height);
}

function ffmpeg(from, path, height, rate = FRAMES_PER_SECOND) {
  const kilobits = Math.round(height * 1.6);
  const quick = ['-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-auto-alt-ref', '0'];
  const coding = ['-c:v', 'libvpx', '-pix_fmt', 'yuv420p', '-b:v', `${kilobits}k`, '-g', String(rate)];
  return run('ffmpeg', ['-v', 'error', '-y', ...from, '-r', String(rate), ...coding, ...quick, path]);
}
