/**
 * NVIDIA's own container toolkit on a lab machine. Without a driver it cannot make a specification of the GPU by itself, so that
 * one is written for it: it hands over the stand-ins of the driver's library and of nvidia-smi.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { hostFolder, type LabHost } from '../contract.ts'
import { machineFolder } from '../hosts/files.ts'
import { must, uuidOf } from './gpu-machine.ts'

const runtimeConfig = `[nvidia-container-runtime]
mode = "cdi"
runtimes = ["runc"]

[nvidia-container-runtime.modes.cdi]
default-kind = "nvidia.com/gpu"
spec-dirs = ["/etc/cdi"]
`

/** Programs and configuration; k3s has to be started after it. */
export async function layToolkit(host: LabHost): Promise<void> {
  for (const name of ['nvidia-ctk', 'nvidia-container-runtime'])
    await must(host, ['install', '-m', '755', `${hostFolder}/toolkit/${name}`, `/usr/bin/${name}`])
  const uuid = await uuidOf(host)
  const [library = ''] = (await must(host, ['sh', '-c', 'echo /usr/lib/*-linux-gnu/libnvidia-ml.so.1']))
    .trim()
    .split(' ')
  const mounted = (path: string) => ({
    hostPath: path,
    containerPath: path,
    options: ['ro', 'nosuid', 'nodev', 'bind'],
  })
  const specification = {
    cdiVersion: '0.5.0',
    kind: 'nvidia.com/gpu',
    devices: ['all', '0', uuid].map((name) => ({ name, containerEdits: { env: [`LAB_GPU=${name}`] } })),
    containerEdits: {
      deviceNodes: ['/dev/nvidia0', '/dev/nvidiactl'].map((path) => ({ path })),
      mounts: [library, '/usr/bin/nvidia-smi', machineFolder].map(mounted),
    },
  }
  await must(host, ['mkdir', '-p', '/etc/nvidia-container-runtime', '/etc/cdi'])
  writeFileSync(join(host.root, 'etc/nvidia-container-runtime/config.toml'), runtimeConfig)
  writeFileSync(join(host.root, 'etc/cdi/nvidia.yaml'), stringify(specification))
}
