import { describe, expect, it } from '@jest/globals'
import { catalogue, diagnose, type Evidence, gpuStages, unknownFailure } from '../../src/diagnosis/index.ts'

const saying = (stage: string, ...texts: string[]): Evidence => ({
  stage,
  subject: 'calypso',
  fails: 'has no usable GPU',
  texts,
})

const notLoaded =
  "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running."

describe('why a node has no usable GPU', () => {
  it('says so in its own words, not that the node did not join', () => {
    const found = diagnose(saying('driver', 'Failed to initialize NVML: Driver/library version mismatch'))
    expect(found?.title).toBe(
      'calypso has no usable GPU: the driver’s libraries are newer than its kernel module that is loaded',
    )
    expect(unknownFailure(saying('driver', 'never seen')).title).toContain(
      'calypso has no usable GPU, and the catalogue',
    )
  })

  // The symptom first, as nvidia-smi prints it; then what the kernel or modprobe adds.
  it.each([
    ['gpu-module-rejected', "modprobe: ERROR: could not insert 'nvidia': Key was rejected by service"],
    ['gpu-module-rejected', "modprobe: ERROR: could not insert 'nvidia_uvm': Required key not available"],
    ['gpu-nouveau', 'NVRM: The NVIDIA probe routine was not called for 1 device(s).'],
    ['gpu-module-missing', 'modprobe: FATAL: Module nvidia not found in directory /lib/modules/6.8.0-1015-aws'],
    ['gpu-fallen-off', 'kernel: NVRM: Xid (PCI:0000:01:00): 79, pid=1234, GPU has fallen off the bus.'],
  ])('%s explains a driver that is not loaded', (code, line) => {
    expect(diagnose(saying('driver', notLoaded))?.code).toBe('gpu-driver-not-loaded')
    expect(diagnose(saying('driver', notLoaded, line))?.code).toBe(code)
  })

  it('the plugin’s first complaint is told, not the pod that cannot be placed because of it', () => {
    const texts = [
      '0/3 nodes are available: 1 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint {workload-type: gpu-compute}.',
      'E0506 17:45:45.421956       1 factory.go:112] Incompatible strategy detected auto',
    ]
    expect(diagnose(saying('plugin', ...texts))?.code).toBe('gpu-plugin-runtime')
    expect(diagnose(saying('plugin', texts[0] ?? ''))?.title).toContain('the taint workload-type: gpu-compute')
  })

  it('what containerd and k3s say of runtimes is told here as when a node joins', () => {
    const sandbox =
      'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured'
    expect(diagnose(saying('plugin', sandbox))?.code).toBe('default-runtime-missing')
    expect(
      diagnose(saying('runtime', 'containerd: failed to unmarshal TOML: toml: table runc already exists'))?.code,
    ).toBe('containerd-config-invalid')
  })

  it('"no devices" counts as a line of its own only, and other Xids are no lost GPU', () => {
    expect(diagnose(saying('driver', 'No devices were found'))?.code).toBe('gpu-none-found')
    expect(diagnose(saying('driver', 'usb: No devices were found on the bus'))).toBeUndefined()
    expect(diagnose(saying('driver', 'NVRM: Xid (PCI:0000:01:00): 13, Graphics Exception'))).toBeUndefined()
  })
})

it('a pod without its GPU is no reason why a node does not join', () => {
  const rows = catalogue.filter((row) => row.code.startsWith('gpu-') && row.matches.length > 0)
  expect(rows.length).toBeGreaterThan(20)
  for (const row of rows) {
    expect([row.id, row.stages]).toEqual([row.id, gpuStages])
    expect([row.id, diagnose({ stage: 'start', subject: 'calypso', texts: row.recorded })]).toEqual([row.id, undefined])
  }
})

it('a remedy never reloads systemd or edits what k3s rendered', () => {
  for (const { id, remedy } of catalogue.filter((row) => row.stages === gpuStages))
    expect([id, /daemon-reload|nvidia-ctk runtime configure|config\.toml\b(?!\.tmpl)/.test(remedy)]).toEqual([
      id,
      false,
    ])
})
