import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { ROLES } from '../../engine/cli/role-names.ts';
import type { Configuration } from '../../engine/config/configuration.ts';
import { readConfiguration } from '../../engine/config/read-configuration.ts';
import { Metrics } from '../../engine/observe/metrics.ts';
import { OPERATORS } from '../../site/operator-settings.ts';
import { createServer } from '../../ui/server/server.ts';
import { commandOf, readDockerfile } from './dockerfile.ts';

const ENVIRONMENT = { OCELLI_TOKEN: 'a-token-of-some-length', KAFKA_PASSWORD: 'kafka-password', REDIS_PASSWORD: 'redis-password' };
const COMPOSE_TEXT = readFileSync('docker/compose.yaml', 'utf8');
const COMPOSE = parse(COMPOSE_TEXT, { merge: true }) as Compose;
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
      readonly deploy?: { readonly replicas: number };
    }
  >;
  readonly volumes: Record<string, unknown>;
  readonly secrets: Record<string, { readonly environment: string }>;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly args: readonly string[];
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
    readonly minAvailable?: number;
    readonly selector: { readonly app?: string; readonly role?: string; readonly matchLabels?: Record<string, string> };
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

  it('runs each role in processes of its own, two of each but of the one that has a port of the machine', () => {
    for (const role of ROLES) {
      const { command, deploy, ports } = COMPOSE.services[role] ?? {};
      expect([role, command]).toEqual([role, [...commandOf(OCELLI, 'CMD'), '--role', role]]);
      expect([role, deploy?.replicas]).toEqual([role, ports === undefined ? 2 : 1]);
    }
    expect(ROLES.filter((role) => COMPOSE.services[role]?.ports !== undefined)).toEqual(['serve']);
  });

  it('has every host that the configuration names, on a port where it listens', () => {
    const kafka = COMPOSE.services['kafka']?.environment ?? {};
    expect(kafka['KAFKA_LISTENERS']).toContain('INSIDE://:9092');
    expect(kafka['KAFKA_ADVERTISED_LISTENERS']).toContain('INSIDE://kafka:9092');
    expect(readFileSync('docker/ocelli.yaml', 'utf8')).toContain('redis://redis:6379/0');
    expect(Object.keys(COMPOSE.services)).toEqual(expect.arrayContaining([...ROLES, 'cameras', 'kafka', 'redis']));
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
    for (const role of ROLES) expect(Object.keys(COMPOSE.services[role]?.environment ?? {})).toEqual(read);
    expect([...new Set([...COMPOSE_TEXT.matchAll(/\$\{(\w+)/g)].map(([, name]) => name))]).toEqual(read);
  });
});

describe('what watches', () => {
  it('is a Prometheus that asks every process of every role, with the token', () => {
    const { scrape_configs } = parse(readFileSync('docker/prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: [
        { metrics_path: string; authorization: { credentials_file: string }; dns_sd_configs: [{ names: string[]; port: number }] },
      ];
    };
    const [{ metrics_path, authorization, dns_sd_configs }] = scrape_configs;
    expect(dns_sd_configs[0]).toMatchObject({ names: ROLES, port: site.server.port });
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
  const named = (kind: string, name: string) => KUBERNETES.find((one) => one.kind === kind && one.metadata.name === name) as Manifest;
  const text = named('ConfigMap', 'ocelli').data['ocelli.yaml'] ?? '';
  const configuration = configurationOf(text);

  it('is a configuration that is right, over Kafka and Redis', () => {
    expect([configuration.log.kind, configuration.state.kind]).toEqual(['kafka', 'redis']);
  });

  it('is a deployment of each role and of nothing else', () => {
    const deployments = KUBERNETES.filter(({ kind }) => kind === 'Deployment');
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(ROLES.map((role) => `ocelli-${role}`));
  });

  it('lets people in by a service of serve', () => {
    const { selector, ports } = named('Service', 'ocelli').spec;
    expect(named('Deployment', 'ocelli-serve').spec.template.metadata.labels).toMatchObject(selector);
    expect(selector.role).toBe('serve');
    expect(ports[0]?.targetPort).toBe(named('Deployment', 'ocelli-serve').spec.template.spec.containers[0].ports[0]?.name);
  });

  describe.each(ROLES)('%s', (role) => {
    const { replicas, selector, template } = named('Deployment', `ocelli-${role}`).spec;
    const [container] = template.spec.containers;

    it('runs as its role, with every variable that the configuration reads, on the port of the configuration', () => {
      expect(container.args).toEqual([...commandOf(OCELLI, 'CMD'), '--role', role]);
      expect(container.env.map(({ name }) => name).sort()).toEqual(variablesOf(text).sort());
      expect(configuration.server.port).toBe(container.ports[0]?.containerPort);
    });

    it('is asked for its health where the server answers', async () => {
      for (const { httpGet } of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
        expect(httpGet.port).toBe(container.ports[0]?.name);
        expect(await statusOf(httpGet.path)).toBe(200);
      }
    });

    it('is two, of which one may go at a time', () => {
      expect(replicas).toBe(2);
      expect(template.metadata.labels).toEqual(selector.matchLabels);
      expect(selector.matchLabels).toEqual({ app: 'ocelli', role });
      expect(named('PodDisruptionBudget', `ocelli-${role}`).spec).toEqual({ minAvailable: 1, selector });
    });

    it('has its configuration where the image reads it, and volumes for what it writes', () => {
      const file = commandOf(OCELLI, 'CMD')[1] ?? '';
      const mounts = container.volumeMounts.map(({ mountPath }) => normalize(mountPath));
      expect(mounts).toEqual(expect.arrayContaining([file, join(dirname(file), 'data')]));
      const volumes = template.spec.volumes.map(({ name }) => name);
      expect(container.volumeMounts.filter(({ name }) => !volumes.includes(name))).toEqual([]);
    });
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
