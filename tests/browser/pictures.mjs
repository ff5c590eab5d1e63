/** Moving pictures as files that the crowd can send: VP8 in IVF, made by ffmpeg, with a key frame every second. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FRAMES_PER_SECOND = 12;

/** A test card that moves, of this many seconds. `hue` (degrees) tells one from the other. */
export function testCard(path, { width = 320, height = 180, seconds = 2, hue = 0 } = {}) {
  const card = `testsrc2=size=${width}x${height}:rate=${FRAMES_PER_SECOND}:duration=${seconds},hue=h=${hue}`;
  return ffmpeg(['-f', 'lavfi', '-i', card], path, height);
}

/** The same pictures as in a file of raw video, at this height. */
export const encode = (source, path, height) => ffmpeg(['-i', source, '-vf', `scale=-2:${height}`], path, height);

function ffmpeg(from, path, height) {
  const kilobits = Math.round(height * 1.6);
  const quick = ['-deadline', 'realtime', '-cpu-used', '8', '-lag-in-frames', '0', '-auto-alt-ref', '0'];
  const coding = ['-c:v', 'libvpx', '-pix_fmt', 'yuv420p', '-b:v', `${kilobits}k`, '-g', String(FRAMES_PER_SECOND)];
  return run('ffmpeg', ['-v', 'error', '-y', ...from, '-r', String(FRAMES_PER_SECOND), ...coding, ...quick, path]);
}
