import { Command, Help, Option } from 'commander';
import { LOG_LEVELS } from '../observe/logger.ts';
import { type AddOptions, addCommand } from './add-command.ts';
import type { Application } from './application.ts';
import { backupCommand } from './backup-command.ts';
import { checkCommand } from './check-command.ts';
import { describeCommand } from './describe-command.ts';
import { EXIT, exitCodeOf } from './exit-codes.ts';
import { portNumber, positiveInteger, positiveNumber, roleNames, source } from './option-values.ts';
import { type PlanOptions, planCommand } from './plan-command.ts';
import { type ProbeOptions, probeCommand } from './probe-command.ts';
import { type ReplayOptions, replayCommand } from './replay-command.ts';
import { ROLES } from './role-names.ts';
import { type DemoCommandOptions, demoCommand, type RunOptions, runCommand } from './run-command.ts';
import { schemaCommand } from './schema-command.ts';
import { beginAgainCommand } from './state-command.ts';
import { type TailOptions, tailCommand } from './tail-command.ts';
import { tellError } from './tell-error.ts';
import { verifyCommand } from './verify-command.ts';

const DEFAULT_FILE = 'ocelli.yaml';

/** Runs the command line; resolves with the exit code. What goes wrong is told by `tellError`. */
export async function runProgram(application: Application, args: readonly string[]): Promise<number> {
  let exit: number = EXIT.ok;
  let json = false;
  const program = buildProgram(application, (code) => {
    exit = code;
  });
  program.hook('preAction', (_program, command) => {
    json = command.opts()['json'] === true;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (isCommanderError(error)) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    tellError(error, json);
    return exitCodeOf(error);
  }
}

function buildProgram(application: Application, exit: (code: number) => void): Command {
  const program = new Command('ocelli')
    .description('Stream processing for real-time video analytics: cameras in, exact records out.')
    .version(application.version)
    .exitOverride()
    .configureHelp({ optionDescription: describeOption })
    .showHelpAfterError('(try "ocelli --help")');
  addRun(program, application, exit);
  addPlan(program, application, exit);
  addCameras(program, application, exit);
  addState(program, application, exit);
  addReading(program, application, exit);
  addExports(program, application, exit);
  addKnowing(program, application, exit);
  return program;
}

/** Of switches it goes without saying that they are off. */
function describeOption(option: Option): string {
  return option.defaultValue === false ? option.description : new Help().optionDescription(option);
}

function addRun(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('run')
    .description('run the cameras of a configuration file')
    .argument('[file]', 'the configuration file', DEFAULT_FILE)
    .option('--until-end', 'end when every recording has ended and everything is committed')
    .option('--role <names>', `what this process does of a distributed site: ${ROLES.join(', ')}, or several with commas`, roleNames)
    .option('--host <address>', 'where the server listens, instead of server.host')
    .option('--port <n>', 'and its port, instead of server.port; 0 takes a free port', portNumber)
    .addOption(logLevel())
    .action(async (file: string, options: RunOptions) => exit(await runCommand(application, file, options)));
  program
    .command('demo')
    .description('run four simulated cameras and watch them: nothing to configure')
    .option('--port <n>', 'where the server listens; 0 takes a free port', portNumber, 8080)
    .addOption(logLevel())
    .action(async (options: DemoCommandOptions) => exit(await demoCommand(application, options)));
  program
    .command('check')
    .description('read a configuration file and say what is wrong with it, with line and column')
    .argument('[file]', 'the configuration file', DEFAULT_FILE)
    .option('--json', 'print JSON', false)
    .action(async (file: string, options: { json: boolean }) => exit(await checkCommand(application, file, options)));
}

function addPlan(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('plan')
    .description('say what a configuration needs: processes, cores, memory, partitions, disk; and whether one machine is enough')
    .argument('[file]', 'the configuration file; with --cameras none is needed', DEFAULT_FILE)
    .option('--cameras <n>', 'so many cameras like those of the file', positiveInteger)
    .option('--source <size@rate>', 'what a camera sends', source, source('1280x720@25'))
    .option('--cores <n>', 'cores of each machine', positiveInteger, 8)
    .option('--inference <ms>', 'processor time of a frame, for a model of your own: node bench/detect.ts prints it', positiveNumber)
    .option('--json', 'print JSON', false)
    .action(async (file: string, options: PlanOptions) => exit(await planCommand(application, file, options)));
}

function addCameras(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('probe')
    .description('try a camera or a recording, and say what comes: size, codec, rate, the first picture')
    .argument('<url>', 'its address, in quotes')
    .addOption(new Option('--transport <kind>', 'how it sends').choices(['tcp', 'udp']).default('tcp'))
    .option('--picture <file>', 'write the first picture there, as a JPEG')
    .option('--json', 'print JSON', false)
    .action(async (url: string, options: ProbeOptions) => exit(await probeCommand(application, url, options)));
  program
    .command('add')
    .description('try a camera and add it to the configuration file; a site that runs takes it up')
    .argument('<url>', "its address, in quotes: 'rtsp://viewer:${DOCK_PASSWORD}@192.0.2.10/stream2'")
    .option('-c, --config <file>', 'the configuration file; begun where there is none', DEFAULT_FILE)
    .option('--id <name>', 'its name; without one, that of its file or host')
    .option('--fps <n>', 'frames a second to look at', positiveNumber)
    .addOption(new Option('--transport <kind>', 'how it sends').choices(['tcp', 'udp']).default('tcp'))
    .option('--no-probe', 'do not try it first')
    .option('--force', 'add it though another camera has its address', false)
    .option('--json', 'print JSON', false)
    .action(async (url: string, options: AddOptions) => exit(await addCommand(application, url, options)));
}

function addState(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('backup')
    .description('copy log and state into a new file, as of one moment, also while a site runs')
    .argument('<target>', 'the new file')
    .option('-c, --config <file>', 'the configuration file', DEFAULT_FILE)
    .option('--json', 'print JSON', false)
    .action(async (target: string, options: { config: string; json: boolean }) => exit(await backupCommand(application, target, options)));
  program
    .command('state')
    .description('look after the state of the tasks')
    .command('begin-again')
    .description('accept that state is lost: tasks that have none begin anew at the next start')
    .argument('[file]', 'the configuration file', DEFAULT_FILE)
    .option('--json', 'print JSON', false)
    .action(async (file: string, options: { json: boolean }) => exit(await beginAgainCommand(application, file, options)));
}

function addReading(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('tail')
    .description('print the records of a topic as NDJSON, with or without a running site')
    .argument('<topic>', 'detections, tracks, …')
    .option('-c, --config <file>', 'the configuration file', DEFAULT_FILE)
    .option('--camera <id>', 'only records of this camera')
    .option('--from <where>', 'beginning, now, a time, or the id of a record; without it now with --follow, else beginning')
    .option('--limit <n>', 'at most so many records', positiveInteger)
    .option('-f, --follow', 'go on with records as they come', false)
    .action(async (topic: string, options: TailOptions) => exit(await tailCommand(application, topic, options)));
}

function addExports(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('replay')
    .description('run the keyed operators over recorded detections and print what they emit')
    .argument('<file>', 'NDJSON of the topic detections; - for standard input')
    .option('-c, --config <file>', 'a configuration file whose settings of operators hold instead of the recorded ones')
    .option('--topic <name>', 'print only what is emitted to this topic')
    .action(async (file: string, options: ReplayOptions) => exit(await replayCommand(application, file, options)));
  program
    .command('verify')
    .description('check that an export of a topic accounts for every frame exactly once')
    .argument('<file>', 'NDJSON of the topic; - for standard input')
    .addOption(
      new Option('--topic <name>', 'which topic it must be; without it that of its first record').choices(['detections', 'tracks']),
    )
    .option('--partial', 'the export begins in the middle of a session', false)
    .option('--place-rule', 'apply the place rule first, as a reader of Kafka does', false)
    .option('--json', 'print JSON', false)
    .action(async (file: string, options) => exit(await verifyCommand(file, options)));
}

function addKnowing(program: Command, application: Application, exit: (code: number) => void): void {
  program
    .command('describe')
    .description('the operators, what they consume and emit, and their settings')
    .option('--json', 'print JSON', false)
    .action((options: { json: boolean }) => exit(describeCommand(application, options)));
  program
    .command('schema')
    .description('the JSON Schema of a topic, or of the configuration file')
    .argument('[name]', 'a topic, or config')
    .option('--write <folder>', 'write all of them into a folder')
    .action((name: string | undefined, options: { write?: string }) => exit(schemaCommand(application, name, options)));
}

function logLevel(): Option {
  return new Option('--log-level <level>', 'how much to tell').choices(LOG_LEVELS).default('info');
}

function isCommanderError(error: unknown): error is { exitCode: number } {
  return typeof (error as { exitCode?: unknown }).exitCode === 'number';
}
