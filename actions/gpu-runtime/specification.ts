import {
  checkId,
  imageReference,
  keyFingerprint,
  namespacedName,
  repositoryUrl,
  toolkitVersion,
} from '../../src/cluster-file/index.ts'
import { hostInputs } from '../host-inputs.ts'
import type { InputSpecification } from '../input-specification.ts'

/** Seconds and minutes in milliseconds. */
const minute = 60_000
const second = 1_000

/** Every input of gpu-runtime. Values of the host are judged together with those of the cluster file. */
export const specification = {
  ...hostInputs,
  toolkit: {
    type: 'enum',
    choices: ['install', 'verify'],
    description:
      "What to do about NVIDIA's container toolkit: install it where it is missing or has another version than the wanted one, or only look at it (verify). Default: install.",
    twin: 'nodes.<node>.gpu-runtime.toolkit',
  },
  'toolkit-version': {
    type: 'string',
    grammar: toolkitVersion,
    description:
      'Exact version of the toolkit, e.g. 1.20.0. Default: an installed one is kept; where there is none, 1.20.0.',
    twin: 'nodes.<node>.gpu-runtime.toolkit-version',
  },
  repository: {
    type: 'string',
    grammar: repositoryUrl,
    description: "Base URL of a mirror of NVIDIA's package repository. Default: NVIDIA's own.",
    twin: 'nodes.<node>.gpu-runtime.repository',
  },
  'repository-keys': {
    type: 'list',
    grammar: keyFingerprint,
    description: "OpenPGP fingerprints, one of which must be that of the repository's key. Default: NVIDIA's.",
    twin: 'nodes.<node>.gpu-runtime.repository-keys',
  },
  'hold-packages': {
    type: 'enum',
    choices: ['none', 'toolkit', 'all'],
    description:
      "Packages that no upgrade may touch: none, the toolkit's four (toolkit), or also the driver's (all). Default: toolkit.",
    twin: 'nodes.<node>.gpu-runtime.hold-packages',
  },
  'device-plugin': {
    type: 'enum',
    choices: ['apply', 'verify', 'none', 'absent'],
    description:
      "apply: NVIDIA's device plugin is applied as this project makes it. verify: another one is only looked at. none: not looked at. absent: ours is removed, and nothing else. Default: apply.",
    twin: 'nodes.<node>.gpu-runtime.device-plugin',
  },
  'device-plugin-image': {
    type: 'string',
    grammar: imageReference,
    description: 'Image of the device plugin, with tag or digest. Default: nvcr.io/nvidia/k8s-device-plugin:v0.20.0.',
    twin: 'nodes.<node>.gpu-runtime.device-plugin-image',
  },
  'replace-device-plugin': {
    type: 'string',
    grammar: namespacedName,
    description:
      'Namespace/name of a device plugin that somebody applied by hand, typed again, to allow that it is deleted and replaced.',
  },
  'default-runtime': {
    type: 'enum',
    choices: ['keep', 'nvidia', 'unset'],
    description:
      "keep: k3s's default runtime stays as it is. nvidia: it becomes nvidia, once k3s can find it. unset: what this action set is taken away. Default: keep.",
    twin: 'nodes.<node>.gpu-runtime.default-runtime',
  },
  'quarantine-template': {
    type: 'boolean',
    default: 'false',
    description:
      "Allow that a containerd template that takes k3s's own configuration away is moved aside; it comes back by itself when the node does not.",
  },
  'expect-gpus': {
    type: 'integer',
    minimum: 1,
    maximum: 64,
    description: 'Number of GPUs that the machine must have. Default: those that it shows.',
    twin: 'nodes.<node>.gpu.count',
  },
  'expect-product': {
    type: 'string',
    description: 'Product name that every GPU must have, as nvidia-smi prints it, e.g. NVIDIA GeForce RTX 4090.',
    twin: 'nodes.<node>.gpu.product',
  },
  'allow-gpu-disruption': {
    type: 'boolean',
    default: 'false',
    description: 'Allow package changes and restarts while a process outside the cluster uses the GPU.',
  },
  'ignore-checks': {
    type: 'list',
    grammar: checkId,
    description: 'Checks that are reported but stop nothing, by id, e.g. gpu.product; docs/checks.md lists them.',
    twin: 'nodes.<node>.gpu-runtime.ignore-checks',
  },
  'fail-on': {
    type: 'enum',
    choices: ['fail', 'warn', 'never'],
    description:
      'Verdict of a check that stops the run: fail; warn also stops at warnings; never only reports. Default: fail.',
    twin: 'nodes.<node>.gpu-runtime.fail-on',
  },
  timeout: {
    type: 'duration',
    minimum: 10 * second,
    maximum: 30 * minute,
    description: 'How long a restart of k3s, and then the device plugin, may each take, e.g. 90s or 5m. Default: 180s.',
    twin: 'nodes.<node>.gpu-runtime.timeout',
  },
  'dry-run': {
    type: 'boolean',
    default: 'false',
    description: 'Show the plan and change nothing.',
  },
} as const satisfies InputSpecification
