import { passed } from '../../join/index.ts'
import type { Check } from '../../report/index.ts'
import {
  defaultRuntimeFile,
  predictConfig,
  predictDefaultRuntime,
  predictRuntimes,
  readRendered,
} from '../containerd/index.ts'
import type { GpuSituation, HostStep } from '../model.ts'

const id = 'gpu.default-runtime'
const question = 'Can k3s find the default runtime that it is told, and is that one meant?'

/**
 * k3s refuses to start with a default runtime that it did not find: `default runtime … was not found`. runc is one that it never
 * finds, because it does not look for it (k3s-io/k3s pkg/agent/containerd/config_linux.go).
 */
export function defaultRuntimeCheck({ wish, gpu }: GpuSituation, steps: readonly HostStep[]): Check {
  const { value, place } = predictDefaultRuntime(gpu, steps)
  const found = predictRuntimes(gpu, steps).map(({ name }) => name)
  const now = readRendered(gpu.containerd.rendered?.text ?? '')
  const { unit } = gpu.k3s
  const evidence = gpu.k3s.defaultRuntimes.map((one) => `${one.place}: ${one.value || 'none'}`)
  const isFound =
    value === '' ||
    found.includes(value) ||
    (!value.startsWith('nvidia') && value !== 'runc' && now.runtimes.some(({ name }) => name === value))
  if (!isFound) {
    const isOdd = !value.startsWith('nvidia') && value !== 'runc'
    return {
      id,
      verdict: isOdd ? 'warn' : 'fail',
      question,
      found: `${place} says ${value}, which k3s ${isOdd ? 'did not render at its last start' : 'does not find'}`,
      cause:
        value === 'runc'
          ? `k3s looks for other runtimes only: with runc as a value ${unit} does not start (default runtime runc was not found)`
          : `${unit} does not start any more: default runtime ${value} was not found`,
      remedy:
        value === 'nvidia'
          ? `let the toolkit be installed (toolkit: install), or take default-runtime out of ${place}`
          : `take default-runtime out of ${place}; without it k3s uses runc`,
      evidence,
    }
  }
  if (wish.defaultRuntime === 'nvidia' && value !== 'nvidia') {
    const canBe = found.includes('nvidia')
    return {
      id,
      verdict: 'fail',
      question,
      found:
        value === '' ? 'nvidia is wished and cannot be set' : `nvidia is wished, but ${place} says ${value} and wins`,
      cause: canBe
        ? `k3s takes what stands last: files of config.yaml.d after ${defaultRuntimeFile} and arguments of the unit win over it`
        : 'k3s finds no nvidia-container-runtime, and does not start with a default runtime that it cannot find',
      remedy: canBe ? `take default-runtime out of ${place}` : 'let the toolkit be installed first (toolkit: install)',
      evidence,
    }
  }
  if (wish.defaultRuntime === 'unset' && value === 'nvidia') {
    return {
      id,
      verdict: 'warn',
      question,
      found: `${place} says nvidia, and this project did not write it`,
      cause: 'only the file that this project wrote is taken away',
      remedy: `take default-runtime out of ${place}, then: sudo systemctl restart ${unit}`,
      evidence,
    }
  }
  const next = predictConfig(gpu, steps).config.defaultRuntime || value
  if (next === 'nvidia') {
    const isWished = wish.defaultRuntime === 'nvidia'
    return {
      id,
      verdict: 'warn',
      question,
      found: `nvidia is the default runtime${place ? `, said by ${place}` : ', said by a template'}`,
      cause:
        'every image that sets NVIDIA_VISIBLE_DEVICES sees all GPUs without asking for one (README of NVIDIA/k8s-device-plugin)',
      remedy: `none needed if that is meant; else ${isWished ? 'give default-runtime: unset' : `take it out of ${place || 'the template'}`} and name runtimeClassName: nvidia in the pods that need a GPU`,
      evidence,
    }
  }
  return passed(
    id,
    question,
    value === '' ? 'none is set: runc, and nvidia for pods that name its runtime class' : `${value}, said by ${place}`,
  )
}
