import { execFileSync, spawnSync } from 'node:child_process';
import { hasKafka, installKafka } from '../demo/brokers/kafka/install.ts';
import { hasFootageEnvironment, makeFootageEnvironment } from '../demo/footage/environment.ts';
import { hasSamplePackages, installSamplePackages } from './consumer/sample-packages.ts';

/** Something that tests need beyond Node and npm. Never needed to run the product. */
export interface Requirement {
  /** What is not tested without it. */
  readonly tests: string;
  readonly isPresent: () => boolean;
  /** Brings it where packages may be installed. Throws or leaves it absent where it may not. */
  readonly install: () => void;
}

/** The browser that tests drive. */
export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export const REQUIREMENTS = {
  ffmpeg: {
    tests: 'decoding with a system ffmpeg of version 5 or newer',
    isPresent: () => runs('ffmpeg', '-version'),
    install: () => installPackages('ffmpeg'),
  },
  gstreamer: {
    tests: 'cameras of an independent RTSP server and client (GStreamer)',
    isPresent: () => runs('gst-launch-1.0', '--version') && runs('/usr/bin/python3', '-c', GST_SERVER),
    install: () =>
      installPackages(
        'python3-gi',
        'gir1.2-gst-rtsp-server-1.0',
        'gstreamer1.0-tools',
        'gstreamer1.0-plugins-good',
        'gstreamer1.0-plugins-bad',
        'gstreamer1.0-plugins-ugly',
        'gstreamer1.0-libav',
      ),
  },
  chromium: {
    tests: 'the live view in a real browser',
    isPresent: () => runs(CHROMIUM, '--version'),
    install: () => installPackages('chromium'),
  },
  redis: {
    tests: 'state in Redis, with a real redis-server',
    isPresent: () => runs('redis-server', '--version') && runs('openssl', 'version'),
    install: () => installPackages('redis-server', 'openssl'),
  },
  kafka: {
    tests: 'the log over Kafka, on a real broker (Java 17, Maven)',
    isPresent: () => process.env['OCELLI_TEST_KAFKA'] !== undefined || hasKafka(),
    install: () => {
      if (!runs('java', '-version') || !runs('mvn', '-v')) installPackages('openjdk-17-jre-headless', 'maven');
      installKafka();
    },
  },
  consumers: {
    tests: 'the samples and one-liners for readers of Kafka (kcat, Python 3.9 or newer with confluent-kafka)',
    isPresent: () => runs('kcat', '-V') && hasSamplePackages(),
    install: () => {
      if (!runs('kcat', '-V')) installPackages('kcat', 'python3-venv');
      installSamplePackages();
    },
  },
  python: {
    tests: 'the reader in Python of the page of topics',
    isPresent: () => runs('python3', '--version'),
    install: () => installPackages('python3'),
  },
  footage: {
    tests: 'the ground truth of the footage against masks that Blender renders (Python 3.11 with bpy)',
    isPresent: () => hasFootageEnvironment(true),
    install: () => makeFootageEnvironment(true),
  },
} satisfies Record<string, Requirement>;

export type RequirementName = keyof typeof REQUIREMENTS;

const GST_SERVER = 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer';

/** For `describe.skipIf(!has('gstreamer'))`; the test command tells what was not run, and fails for it in CI. */
export function has(name: RequirementName): boolean {
  return REQUIREMENTS[name].isPresent();
}

function runs(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** On Debian and its kin, for whoever may install packages. */
function installPackages(...names: string[]): void {
  if (process.getuid?.() !== 0 || !runs('apt-get', '--version')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: 'inherit' });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
