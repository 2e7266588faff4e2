import type { CheckEntry } from '../../join/index.ts'

/** The checks of the toolkit, its repository, and GPU calls in containers. */
export const toolkitCheckRegistry: readonly CheckEntry[] = [
  {
    id: 'gpu.toolkit',
    stage: 'preflight',
    severity: 'fail',
    asks: "Is NVIDIA's container toolkit there, all four packages at one version, the one that was asked for, and not too old?",
    remedy: '`toolkit: install`, with `toolkit-version` for another one than is there',
    isIgnorable: true,
  },
  {
    id: 'gpu.toolkit-repository',
    stage: 'preflight',
    severity: 'fail',
    asks: "Do the toolkit's packages come from a repository that the package manager checks by the right key?",
    remedy: 'move a strange keyring away, or give `repository` and `repository-keys`',
    isIgnorable: false,
  },
  {
    id: 'confirm.gpu-calls',
    stage: 'confirm',
    severity: 'fail',
    asks: 'Does a GPU call in every container that had the GPU still work after the changes? A warning with `allow-gpu-disruption`',
    remedy: 'restart those containers: their device rules are made anew at their start',
    isIgnorable: true,
  },
]
