import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Configuration } from '../../engine/config/configuration.ts';
import { readConfiguration } from '../../engine/config/read-configuration.ts';
import { Metrics } from '../../engine/observe/metrics.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import { createServer } from '../../ui/server/server.ts';
import { commandOf, readDockerfile } from './dockerfile.ts';

const ENVIRONMENT = { OCELLI_TOKEN: 'a-token-of-some-length', KAFKA_PASSWORD: 'kafka-password', REDIS_PASSWORD: 'redis-password' };
const COMPOSE_TEXT = readFileSync('docker/compose.yaml', 'utf8');
const COMPOSE = parse(COMPOSE_TEXT) as Compose;
const STAGES = readDockerfile();
const OCELLI = STAGES.get('ocelli') ?? [];
const KUBERNETES = parseAllDocuments(readFileSync('docker/kubernetes/ocelli.yaml', 'utf8')).map((one) => one.toJS() as Manifest);

interface Compose {
  readonly services: Record<
    string,
    {
      readonly image?: string;
      readonly build?: { readonly target: string; readonly dockerfile: string; readonly context: string };
      readonly command?: readonly string[];
      readonly environment?: Record<string, string>;
      readonly volumes?: readonly string[];
      readonly ports?: readonly string[];
      readonly depends_on?: Record<string, { readonly condition: string }>;
      readonly healthcheck?: unknown;
      readonly secrets?: readonly string[];
    }
  >;
  readonly volumes: Record<string, unknown>;
  readonly secrets: Record<string, { readonly environment: string }>;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data: Record<string, string>;
  readonly spec: {
    readonly replicas: number;
    readonly selector: { readonly app?: string; readonly matchLabels?: Record<string, string> };
    readonly ports: readonly { readonly targetPort: string }[];
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> };
      readonly spec: {
        readonly securityContext: { readonly runAsUser: number };
        readonly containers: readonly [Container];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

function configurationOf(text: string): Configuration {
  const file = join(mkdtempSync(join(tmpdir(), 'ocelli-docker-')), 'ocelli.yaml');
  writeFileSync(file, text);
  return readConfiguration(file, { operators: OPERATORS, environment: ENVIRONMENT });
}

const site = configurationOf(readFileSync('docker/ocelli.yaml', 'utf8'));

describe('the image', () => {
  it('copies only what there is', () => {
    const copied = [...STAGES.values()].flat().filter(({ name, text }) => name === 'COPY' && !text.includes('--from='));
    const missing = copied.flatMap(({ text }) => text.split(' ').slice(0, -1)).filter((path) => !existsSync(path));
    expect(copied.length).toBeGreaterThan(4);
    expect(missing).toEqual([]);
  });

  it('starts a program that the package has, with a command that there is', () => {
    const [node, program = '', ...none] = commandOf(OCELLI, 'ENTRYPOINT');
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    expect([node, none]).toEqual(['node', []]);
    expect(files).toContain(program.replace('/opt/ocelli/', ''));
    expect(files).toContain('models/parcels');
    expect(readFileSync('engine/cli/program.ts', 'utf8')).toContain(`.command('${commandOf(OCELLI, 'CMD')[0]}')`);
  });

  it('runs as nobody special in its last stage, and the last stage is the site', () => {
    expect([...STAGES.keys()].at(-1)).toBe('ocelli');
    expect(OCELLI.findLast(({ name }) => name === 'USER')?.text).toBe('node');
  });

  it('asks for its health where the server answers', async () => {
    const asked = commandOf(OCELLI, 'HEALTHCHECK').join(' ');
    const [, port, path = ''] = /127\.0\.0\.1:(\d+)([^']+)/.exec(asked) ?? [];
    expect(Number(port)).toBe(site.server.port);
    expect(await statusOf(path)).toBe(200);
  });
});

describe('compose', () => {
  it('runs a site whose configuration is right, over Kafka and Redis', () => {
    expect(site.log).toMatchObject({ kind: 'kafka', brokers: ['kafka:9092'] });
    expect(site.state).toMatchObject({ kind: 'redis' });
    expect(site.server.host).toBe('0.0.0.0');
  });

  it('has every host that the configuration names, on a port where it listens', () => {
    const kafka = COMPOSE.services['kafka']?.environment ?? {};
    expect(kafka['KAFKA_LISTENERS']).toContain('INSIDE://:9092');
    expect(kafka['KAFKA_ADVERTISED_LISTENERS']).toContain('INSIDE://kafka:9092');
    expect(readFileSync('docker/ocelli.yaml', 'utf8')).toContain('redis://redis:6379/0');
    expect(Object.keys(COMPOSE.services)).toEqual(expect.arrayContaining(['ocelli', 'cameras', 'kafka', 'redis']));
  });

  it('watches the cameras that the clips make, on the port of the simulated cameras', () => {
    const clips = readdirSync('demo/footage/clips').filter((file) => file.endsWith('.mp4'));
    const expected = clips.map((file) => `rtsp://cameras:8554/${file.replace('.mp4', '')}`);
    expect(site.cameras.map(({ url }) => url.reveal()).sort()).toEqual(expected.sort());
    expect(readFileSync('demo/cameras/main.ts', 'utf8')).toContain("port: { type: 'string', default: '8554' }");
  });

  it('tells Kafka the version that is tested', () => {
    const pom = readFileSync('demo/brokers/kafka/pom.xml', 'utf8');
    const version = COMPOSE.services['kafka']?.image?.split(':')[1];
    expect(pom).toContain(`<version>${version}</version>`);
  });

  it('sets Redis as the page of Redis asks', () => {
    const page = readFileSync('docs/redis.md', 'utf8');
    const words = COMPOSE.services['redis']?.command?.slice(1) ?? [];
    for (let index = 0; index < words.length; index += 2)
      expect(page).toContain(`| \`${words[index]?.slice(2)}\` | \`${words[index + 1]}\` |`);
    expect(words).toHaveLength(6);
  });

  it('mounts only what there is, builds only targets that there are, and waits only for who says that he is healthy', () => {
    for (const service of Object.values(COMPOSE.services)) {
      const sources = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '');
      for (const source of sources)
        expect([source, source.startsWith('.') ? existsSync(join('docker', source)) : source in COMPOSE.volumes]).toEqual([source, true]);
      if (service.build !== undefined) {
        expect(STAGES.has(service.build.target)).toBe(true);
        expect(existsSync(join('docker', service.build.context, service.build.dockerfile))).toBe(true);
      }
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {}))
        expect([name, COMPOSE.services[name]?.healthcheck !== undefined]).toEqual([name, condition === 'service_healthy']);
    }
  });

  it('opens nothing to other machines', () => {
    const ports = Object.values(COMPOSE.services).flatMap(({ ports }) => ports ?? []);
    expect(ports.length).toBeGreaterThan(3);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('gives the site every variable that its configuration reads, and asks for no other', () => {
    const read = variablesOf(readFileSync('docker/ocelli.yaml', 'utf8'));
    expect(Object.keys(COMPOSE.services['ocelli']?.environment ?? {})).toEqual(read);
    expect([...new Set([...COMPOSE_TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))]).toEqual(read);
  });
});

describe('what watches', () => {
  it('is a Prometheus that asks the site, with the token', () => {
    const { scrape_configs } = parse(readFileSync('docker/prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: [{ metrics_path: string; authorization: { credentials_file: string }; static_configs: [{ targets: string[] }] }];
    };
    const [{ metrics_path, authorization, static_configs }] = scrape_configs;
    expect(static_configs[0].targets).toEqual([`ocelli:${site.server.port}`]);
    expect(metrics_path).toBe('/metrics');
    const secrets = COMPOSE.services['prometheus']?.secrets ?? [];
    expect(secrets.map((name) => `/run/secrets/${name}`)).toEqual([authorization.credentials_file]);
    expect(COMPOSE.secrets[secrets[0] ?? '']?.environment).toBe('OCELLI_TOKEN');
  });

  it('is a dashboard whose every metric and label there is, from a source that there is', async () => {
    const { panels } = JSON.parse(readFileSync('docker/grafana/dashboards/ocelli.json', 'utf8')) as {
      panels: { id: number; datasource: { uid: string }; targets: { expr: string; legendFormat: string }[] }[];
    };
    const labels = await labelsByMetric();
    for (const { expr, legendFormat } of panels.flatMap(({ targets }) => targets)) {
      const [name = ''] = /\bocelli_\w+?(?=_bucket|_sum|_count|\b)/.exec(expr) ?? [];
      expect([expr, [...labels.keys()]]).toEqual([expr, expect.arrayContaining([name])]);
      const used = [
        ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
        ...[...expr.matchAll(/[{,](\w+)(?:=~|!=|=)"/g)].map(([, label]) => label),
        ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label),
      ];
      expect([expr, used.filter((label) => label !== 'le' && !labels.get(name)?.includes(label ?? ''))]).toEqual([expr, []]);
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const source = readFileSync('docker/grafana/provisioning/datasources/prometheus.yaml', 'utf8');
    expect(panels.filter(({ datasource }) => !source.includes(`uid: ${datasource.uid},`))).toEqual([]);
  });

  it('is found by Grafana where compose mounts it', () => {
    const provider = readFileSync('docker/grafana/provisioning/dashboards/ocelli.yaml', 'utf8');
    const [, path] = /path: ([^\s}]+)/.exec(provider) ?? [];
    expect(COMPOSE.services['grafana']?.volumes).toContain(`./grafana/dashboards:${path}:ro`);
  });
});

describe('in Kubernetes', () => {
  const of = (kind: string) => KUBERNETES.find((one) => one.kind === kind) as Manifest;
  const pod = of('Deployment').spec.template;
  const [container] = pod.spec.containers;
  const text = of('ConfigMap').data['ocelli.yaml'] ?? '';

  it('is a configuration that is right, with every variable that it reads', () => {
    const configuration = configurationOf(text);
    expect(configuration.server.port).toBe(container.ports[0]?.containerPort);
    expect(container.env.map(({ name }) => name).sort()).toEqual(variablesOf(text).sort());
  });

  it('is asked for its health where the server answers', async () => {
    for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
      expect(httpGet.port).toBe(container.ports[0]?.name);
      expect(await statusOf(httpGet.path)).toBe(200);
    }
  });

  it('is one, is found by its service, and has its configuration where the image reads it', () => {
    expect(of('Deployment').spec.replicas).toBe(1);
    expect(pod.metadata.labels).toMatchObject(of('Deployment').spec.selector.matchLabels ?? { none: '' });
    expect(pod.metadata.labels['app']).toBe(of('Service').spec.selector.app);
    expect(of('Service').spec.ports[0]?.targetPort).toBe(container.ports[0]?.name);
    const mounts = container.volumeMounts.map(({ mountPath }) => normalize(mountPath));
    expect(mounts).toContain(commandOf(OCELLI, 'CMD')[1]);
    expect(mounts).toContain(join(dirname(commandOf(OCELLI, 'CMD')[1] ?? ''), 'data'));
    const volumes = pod.spec.volumes.map(({ name }) => name);
    expect(container.volumeMounts.filter(({ name }) => !volumes.includes(name))).toEqual([]);
  });
});

function variablesOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name as string))];
}

/** What the real server answers to a probe. */
async function statusOf(path: string): Promise<number> {
  const server = createServer({
    log: undefined as never, // No probe reads records.
    access: { host: '127.0.0.1' },
    metrics: async () => ({ text: '', type: 'text/plain' }),
    readiness: () => ({ ready: true, waiting: [] }),
  });
  const { statusCode } = await server.inject({ url: path, headers: { host: '127.0.0.1' } });
  await server.close();
  return statusCode;
}

async function labelsByMetric(): Promise<Map<string, readonly string[]>> {
  const metrics = new Metrics().registry.getMetricsAsArray() as unknown as { name: string; labelNames?: string[] }[];
  return new Map(metrics.map(({ name, labelNames = [] }) => [name, labelNames]));
}
