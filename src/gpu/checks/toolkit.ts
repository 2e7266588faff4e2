import type { Check } from '../../report/index.ts'
import { defaultToolkitVersion, type GpuFacts, type GpuWish } from '../model.ts'
import { describeMixture, isOlder, repositoryOf, safeToolkitVersion, toolkitGoal, toolkitState } from '../toolkit.ts'

/** The checks of the toolkit and of where it comes from. Pure. */
export function toolkitChecks(wish: GpuWish, gpu: GpuFacts): readonly Check[] {
  if (gpu.pci.length === 0 && gpu.devices.length === 0) return []
  return [toolkitCheck(wish, gpu), repositoryCheck(wish, gpu)]
}

function toolkitCheck(wish: GpuWish, gpu: GpuFacts): Check {
  const id = 'gpu.toolkit'
  const question = "Is NVIDIA's container toolkit there, whole, and as asked for?"
  const state = toolkitState(gpu)
  const goal = toolkitGoal(wish, gpu)
  if (goal) return { id, verdict: 'pass', question, found: `${goal.reason}; this run installs ${goal.version}` }
  const install = 'let this action install it (`toolkit: install`)'
  if (state.kind === 'none') {
    return {
      id,
      verdict: 'fail',
      question,
      found: 'not installed',
      cause: 'without nvidia-container-runtime no container gets a GPU',
      remedy: `${install}, or install it by hand; see NVIDIA's guide`,
    }
  }
  if (state.kind === 'mixed') {
    return {
      id,
      verdict: 'fail',
      question,
      found: describeMixture(state.installed),
      cause: 'its four packages only fit together at one version',
      remedy: install,
    }
  }
  const found =
    state.kind === 'whole' ? state.version : `${state.version || 'unknown version'}, ${state.path}, from no package`
  if (wish.toolkitVersion !== undefined && state.version !== wish.toolkitVersion) {
    return {
      id,
      verdict: 'fail',
      question,
      found,
      cause: `${wish.toolkitVersion} is asked for, and \`toolkit: verify\` changes nothing`,
      remedy: `${install}, or ask for the version that is there`,
    }
  }
  if (state.version !== '' && isOlder(state.version, safeToolkitVersion)) {
    return {
      id,
      verdict: wish.toolkit === 'verify' ? 'fail' : 'warn',
      question,
      found,
      cause: `before ${safeToolkitVersion} an image can break out of its container (CVE-2025-23266, CVE-2025-23267)`,
      remedy: `toolkit-version: ${defaultToolkitVersion}`,
    }
  }
  return { id, verdict: 'pass', question, found }
}

function repositoryCheck(wish: GpuWish, gpu: GpuFacts): Check {
  const id = 'gpu.toolkit-repository'
  const question = "Do the toolkit's packages come from where they should, signed by the right key?"
  const { packageManager, repository, keyFingerprints } = gpu.toolkit
  const { keys } = repositoryOf(wish)
  const strangers = keyFingerprints.filter((key) => !keys.includes(key))
  if (strangers.length > 0) {
    return {
      id,
      verdict: 'fail',
      question,
      found: `${repository.keyring || 'the keyring'} holds ${strangers.join(', ')}`,
      cause: `wanted: only ${keys.join(' or ')}. Whoever has the other key can give this host packages that run as root`,
      remedy:
        'find out whose key it is; for a mirror of your own give `repository` and `repository-keys`, else move the file away',
      evidence: repository.urls.slice(0, 8),
    }
  }
  if (toolkitGoal(wish, gpu) && packageManager === '') {
    return {
      id,
      verdict: 'fail',
      question,
      found: 'neither apt nor dnf nor zypper',
      cause: 'this action installs the toolkit with a package manager only',
      remedy: "install the toolkit with that system's own means, and set `toolkit: verify`",
    }
  }
  if (repository.path === '') return { id, verdict: 'pass', question, found: 'none is set up yet' }
  const where = `${repository.urls.slice(0, 3).join(', ') || 'no address'} (${repository.path})`
  if (repository.keyring !== '' && keyFingerprints.length === 0) {
    return {
      id,
      verdict: 'skip',
      question,
      found: `${where}; unknown: the keys in ${repository.keyring} could not be read`,
    }
  }
  return { id, verdict: 'pass', question, found: where }
}
