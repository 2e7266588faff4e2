import { mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { type Cluster, nodePasswordSecret, startCluster } from '../../rehearsal/cluster/index.ts'
import type { FaultName, HostNetwork, HostWorld, KubernetesObject } from '../../rehearsal/contract.ts'
import { type HostOptions, installerText, k3sProgram, startHost } from '../../rehearsal/host/index.ts'
import { Connection, escapes, finished, forget, networkTo, printed, scratch } from './world-host-client.ts'

const server = 'https://157.173.210.123:6443'
const follow = 'sudo -n journalctl -u k3s-agent -f -n 500 -o cat --no-pager'

let cluster: Cluster
let host: HostWorld
let connection: Connection
let directory = ''

interface Setting {
  readonly faults?: readonly FaultName[]
  readonly network?: (port: number) => HostNetwork
  readonly changes?: Partial<HostOptions>
}

async function open(setting: Setting = {}): Promise<void> {
  directory = scratch()
  const faults = new Set(setting.faults)
  cluster = await startCluster({ directory: join(directory, 'cluster'), faults, calypso: 'fresh' })
  const network = setting.network?.(cluster.port) ?? networkTo(cluster.port)
  host = await startHost({
    name: 'calypso',
    directory: join(directory, 'host'),
    network,
    cluster,
    faults,
    pace: 0.02,
    ...setting.changes,
  })
  connection = await Connection.open(host)
}

/** Installs what the real installer leaves, without starting it. */
async function install(token: string, words = 'agent', version = 'v1.33.4+k3s1'): Promise<void> {
  writeFileSync(join(host.root, 'usr/local/bin/k3s'), k3sProgram(version, 'amd64'), { mode: 0o755 })
  const variables = `INSTALL_K3S_SKIP_DOWNLOAD=true INSTALL_K3S_SKIP_START=true K3S_URL=${server} K3S_TOKEN=${token}`
  const outcome = await connection.run(`sudo -n env ${variables} sh -s - ${words}`, installerText())
  expect(outcome.code).toBe(0)
}

/** Follows the journal until something was said. */
async function journal(wanted: RegExp, command = follow): Promise<string> {
  const channel = await connection.channel(command)
  try {
    return await printed(channel, wanted)
  } finally {
    channel.close()
  }
}

function node(): KubernetesObject | undefined {
  return cluster.objects.get('nodes/calypso')
}
function ready(): { status?: string; reason?: string; message?: string } {
  const status = node()?.status as
    | { conditions?: { type: string; status: string; reason: string; message: string }[] }
    | undefined
  return status?.conditions?.find((condition) => condition.type === 'Ready') ?? {}
}
/** Resolves as soon as it is so; the world acts on its own clock, so a test has to look again. */
async function until(isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`it never came to be: ${String(isSo)}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

afterEach(async () => {
  connection.client.destroy()
  await host.close()
  await cluster.close()
  forget(directory)
  // The cluster's address is a real machine's: an agent that dials it itself has to be seen.
  expect(escapes()).toEqual([])
})

describe('an agent that joins', () => {
  it('registers its node through its own network, becomes Ready and goes on without the token', async () => {
    await open()
    await install(
      cluster.serverToken,
      'agent --node-label oceanid.node/name=calypso --node-taint workload-type=gpu-compute:NoSchedule',
    )
    expect(await connection.run('sudo -n systemctl start k3s-agent')).toEqual({
      code: 0,
      signal: undefined,
      stdout: '',
      stderr: '',
    })
    await until(() => ready().status === 'True')
    expect(node()?.metadata.labels).toMatchObject({
      'oceanid.node/name': 'calypso',
      'kubernetes.io/hostname': 'calypso',
    })
    expect((node()?.spec as { taints: unknown[] } | undefined)?.taints).toContainEqual({
      key: 'workload-type',
      value: 'gpu-compute',
      effect: 'NoSchedule',
    })
    const annotations = node()?.metadata.annotations ?? {}
    expect(JSON.parse(annotations['k3s.io/node-args'] ?? '')).toEqual([
      'agent',
      '--node-label',
      'oceanid.node/name=calypso',
      '--node-taint',
      'workload-type=gpu-compute:NoSchedule',
    ])
    expect(JSON.parse(annotations['k3s.io/node-env'] ?? '')).toEqual({ K3S_TOKEN: '********', K3S_URL: server })
    expect(annotations['k3s.io/node-config-hash']).toMatch(/^[A-Z2-7]{52}====$/)
    expect(node()?.status).toMatchObject({
      nodeInfo: {
        kubeletVersion: 'v1.33.4+k3s1',
        osImage: 'Ubuntu 22.04.5 LTS',
        machineID: readFileSync(join(host.root, 'etc/machine-id'), 'utf8').trim(),
      },
    })
    await until(() => cluster.objects.get('leases/kube-node-lease/calypso') !== undefined)
    expect(cluster.objects.get('secrets/kube-system/calypso.node-password.k3s')).toBeDefined()
    expect((await connection.run('sudo -n ss -Hlnt | grep -c ":10250"')).stdout).toBe('1\n')

    // The token is gone, its file holds nonsense: a joined agent does not need it.
    const environment = join(host.root, 'etc/systemd/system/k3s-agent.service.env')
    writeFileSync(environment, readFileSync(environment, 'utf8').replace(/K3S_TOKEN=.*/, 'K3S_TOKEN=spent'))
    mkdirSync(join(host.root, 'etc/rancher/k3s/config.yaml.d'), { recursive: true })
    writeFileSync(join(host.root, 'etc/rancher/k3s/config.yaml.d/50-x.yaml'), 'node-taint:\n  - late=x:NoSchedule\n')
    expect((await connection.run('sudo -n systemctl restart k3s-agent')).code).toBe(0)
    expect(host.unit('k3s-agent')).toEqual({ activeState: 'active', restarts: 0, starts: 2 })
    expect(JSON.stringify(node()?.spec)).not.toContain('late')
  })

  it('tells its steps in the words and the order of k3s, before systemd hears that it is ready', async () => {
    await open()
    await install(cluster.serverToken, 'agent --node-label a=1')
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(0)
    const agent = '/var/lib/rancher/k3s/agent'
    const steps = async (since: string) => {
      const { stdout } = await connection.run(`sudo -n journalctl -u k3s-agent -o cat --no-pager`)
      const said = stdout.slice(stdout.lastIndexOf(since)).split('\n')
      return said.map((line) => line.replace(/^.* msg="(.*)"$/, '$1').replace(/^(I)\d{4} .*(?= kubelet_node)/, '$1'))
    }
    const flannel = ['Starting flannel with backend vxlan', 'Flannel found PodCIDR assigned for node calypso']
    const kubelet = `Running kubelet --cloud-provider=external --config-dir=${agent}/etc/kubelet.conf.d --containerd=/run/k3s/containerd/containerd.sock --hostname-override=calypso --kubeconfig=${agent}/kubelet.kubeconfig --node-ip=192.168.2.80 --node-labels=a=1 --read-only-port=0`
    expect(await steps('Logging containerd')).toEqual([
      `Logging containerd to ${agent}/containerd/containerd.log"`,
      expect.stringContaining('Running containerd -c '),
      'containerd is now running',
      kubelet,
      'I kubelet_node_status.go:78] "Successfully registered node" node="calypso"',
      'Annotations and labels have been set successfully on node: calypso',
      ...flannel,
      'k3s agent is up and running',
      'Started k3s-agent.service - Lightweight Kubernetes.',
      '',
    ])
    expect((await connection.run('sudo -n systemctl restart k3s-agent')).code).toBe(0)
    expect(await steps('Running kubelet')).toContain('Annotations and labels have already set on node: calypso')
    // The kubelet is inside k3s, so its port is k3s's.
    expect((await connection.run('sudo -n ss -Hlntp | grep ":10250"')).stdout).toContain('users:(("k3s-agent",pid=')
  })

  it('says of a node without network at first that its CSINode is missing too', async () => {
    await open({ faults: ['never-ready'], changes: { pace: 0.2 } })
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start k3s-agent')
    const words =
      'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'
    expect(ready().message).toBe(`[${words}, CSINode is not yet initialized]`)
    await until(() => ready().message === words)
  })

  it('joins with a bootstrap token, and reads files, unit and environment in the order of k3s', async () => {
    await open()
    const expiration = new Date(Date.now() + 600_000).toISOString()
    const fields = {
      'token-id': 'abcdef',
      'token-secret': '0123456789abcdef',
      expiration,
      'usage-bootstrap-authentication': 'true',
    }
    cluster.objects.put('secrets/kube-system/bootstrap-token-abcdef', {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'bootstrap.kubernetes.io/token',
      metadata: { name: 'bootstrap-token-abcdef', namespace: 'kube-system' },
      data: Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
      ),
    })
    await install(`K10${cluster.caHash}::abcdef.0123456789abcdef`)
    const folder = join(host.root, 'etc/rancher/k3s')
    mkdirSync(join(folder, 'config.yaml.d'), { recursive: true })
    writeFileSync(join(folder, 'config.yaml'), 'node-label: [a=1]\nnode-name: Ignored\n')
    writeFileSync(join(folder, 'config.yaml.d/10-x.yaml'), 'node-name: Calypso\n')
    writeFileSync(join(folder, 'config.yaml.d/50-y.yaml'), 'node-label+:\n  - b=2\n')
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(0)
    expect(node()?.metadata.labels).toMatchObject({ a: '1', b: '2' })

    // A list on the command line replaces that of the files; labels that were once there stay.
    await install('spent', 'agent --node-label c=3')
    await connection.run('sudo -n systemctl restart k3s-agent')
    expect(node()?.metadata.labels).toMatchObject({ a: '1', b: '2', c: '3' })
    expect(JSON.parse(node()?.metadata.annotations?.['k3s.io/node-args'] ?? '')).toEqual([
      'agent',
      '--node-name',
      'Calypso',
      '--node-label',
      'c=3',
    ])
  })

  it('was joined by hand: server token in the environment, labels in the unit, Ready, nothing of ours', async () => {
    await open({ changes: { calypso: 'joined-by-hand' } })
    expect(ready().status).toBe('True')
    expect(node()?.metadata.labels).toMatchObject({
      'oceanid.node/name': 'calypso',
      'oceanid.node/gpu': 'nvidia-rtx-4090',
    })
    expect(node()?.spec).toMatchObject({
      taints: [{ key: 'workload-type', value: 'gpu-compute', effect: 'NoSchedule' }],
    })
    expect(Object.keys(node()?.metadata.annotations ?? {}).filter((key) => key.startsWith('k3s-gpu-actions'))).toEqual(
      [],
    )
    const unit = join(host.root, 'etc/systemd/system/k3s-agent.service')
    expect(readFileSync(unit, 'utf8')).toContain("\t'--node-label' \\\n\t'oceanid.node/gpu=nvidia-rtx-4090' \\\n")
    expect(readFileSync(`${unit}.env`, 'utf8')).toContain(cluster.serverToken)
    const show = await connection.run(
      'systemctl show -p ActiveState -p NRestarts,NeedDaemonReload,UnitFileState k3s-agent.service',
    )
    expect(show.stdout).toBe('NRestarts=0\nActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=no\n')
    writeFileSync(unit, `${readFileSync(unit, 'utf8')}# touched\n`)
    expect((await connection.run('systemctl show -p NeedDaemonReload --value k3s-agent')).stdout).toBe('yes\n')
    await connection.run('sudo -n systemctl daemon-reload')
    expect((await connection.run('systemctl show -p NeedDaemonReload --value k3s-agent')).stdout).toBe('no\n')
    // An older file goes unnoticed, whatever is in it.
    writeFileSync(unit, readFileSync(unit, 'utf8').replace('# touched', '# older'))
    utimesSync(unit, 1, 1)
    expect((await connection.run('systemctl show -p NeedDaemonReload --value k3s-agent')).stdout).toBe('no\n')
    const started = await connection.run('systemctl show -p ExecMainStartTimestamp --value k3s-agent')
    const age = Date.now() - Date.parse(started.stdout.replace(/^... (\S+) (\S+) UTC\n$/, '$1T$2Z'))
    expect(Math.abs(age - 3_600_000)).toBeLessThan(60_000)
  })
})

describe('a machine that was joined by hand', () => {
  it('is given up with its journal when nothing comes of it, instead of being waited for', async () => {
    await open()
    const given = scratch()
    const refused = startHost({
      name: 'calypso',
      directory: given,
      network: networkTo('refused'),
      cluster,
      calypso: 'joined-by-hand',
      byHandLimitMs: 500,
    })
    await expect(refused).rejects.toThrow(
      /^calypso was joined by hand, but nothing came of it in 0\.5 s\n[\s\S]*failed to get CA certs/,
    )
    forget(given)
  })
})

describe('an agent that does not join', () => {
  const shown =
    'systemctl show -p StatusText,Result,NRestarts,ExecMainCode,ExecMainStatus,ActiveState,SubState k3s-agent'

  it('blocks its start for ever on a wrong token, in the words of k3s, and ends when it is stopped', async () => {
    await open()
    await install(`K10${cluster.caHash}::abcdef.0000000000000000`)
    const blocked = await connection.channel('sudo -n systemctl start k3s-agent; echo "ended $?"')
    const ended = finished(blocked)
    blocked.end()
    const words = await journal(/(not authorized[\s\S]*){2}/)
    expect(words).toContain(
      'msg="Waiting to retrieve agent configuration; server is not ready: failed to retrieve configuration from server: not authorized"',
    )
    expect((await connection.run(shown)).stdout).toBe(
      'StatusText=\nResult=success\nNRestarts=0\nExecMainCode=0\nExecMainStatus=0\nActiveState=activating\nSubState=start\n',
    )
    expect(
      (await connection.run('sudo -n systemctl start k3s-agent --no-block; systemctl is-active k3s-agent')).stdout,
    ).toBe('activating\n')
    await connection.run('sudo -n systemctl stop k3s-agent')
    expect(await ended).toMatchObject({ stdout: 'ended 1\n', stderr: 'Job for k3s-agent.service canceled.\n' })
    expect((await connection.run('systemctl is-active k3s-agent')).code).toBe(3)
    expect(node()).toBeUndefined()
  })

  it('is not touched by another start while it waits, and is replaced by a restart', async () => {
    await open()
    await install(`K10${cluster.caHash}::abcdef.0000000000000000`)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    await journal(/not authorized/)
    const process = async () =>
      (await connection.run('systemctl show -p ExecMainStartTimestampMonotonic,MainPID k3s-agent')).stdout
    const before = await process()
    expect(before).toMatch(/^MainPID=[1-9]\d*\nExecMainStartTimestampMonotonic=[1-9]\d*\n$/)
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    expect(await process()).toBe(before)
    expect(host.unit('k3s-agent')).toMatchObject({ activeState: 'activating', starts: 1 })
    await connection.run('sudo -n systemctl restart --no-block k3s-agent')
    await until(() => ready().status === 'True')
    expect(host.unit('k3s-agent')).toMatchObject({ activeState: 'active', starts: 2 })
    expect(await process()).not.toBe(before)
  })

  it('begins a new process at once when it is restarted while it waits for its next attempt', async () => {
    await open({ faults: ['restricted-label'], changes: { pace: 1 } })
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    const sub = async () => (await connection.run('systemctl show -p SubState --value k3s-agent')).stdout
    while ((await sub()) !== 'auto-restart\n') await new Promise((resolve) => setTimeout(resolve, 20))
    expect(host.unit('k3s-agent')?.starts).toBe(1)
    expect((await connection.run('sudo -n systemctl restart --no-block k3s-agent')).code).toBe(0)
    await until(() => host.unit('k3s-agent')?.starts === 2)
    expect(host.unit('k3s-agent')?.restarts).toBe(0)
  })

  it('compares the CA with the token, and says both hashes', async () => {
    await open()
    const wrong = '0'.repeat(64)
    await install(`K10${wrong}::node:whatever`)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    expect(await journal(/does not match/)).toContain(
      `Failed to validate connection to cluster at ${server}: token CA hash does not match the Cluster CA certificate hash: ${wrong} != ${cluster.caHash}`,
    )
    expect(cluster.requests.filter((request) => request.includes('/v1-k3s/config'))).toEqual([])
  })

  it('sees its own load balancer close or reset when the port is closed, and a deadline when packets are dropped', async () => {
    await open({ network: () => networkTo('refused') })
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    const refused = await journal(/connection reset by peer/)
    expect(refused).toContain('failed to get CA certs: Get \\"https://127.0.0.1:6444/cacerts\\": EOF')
    connection.client.destroy()
    await host.close()
    await cluster.close()
    forget(directory)
    await open({ network: () => networkTo('timeout') })
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    expect(await journal(/deadline exceeded/)).toContain('context deadline exceeded')
  })

  it('is refused when its name belongs to the password of an earlier installation', async () => {
    await open({ faults: ['node-password'] })
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    const words = await journal(/Node password rejected/)
    expect(words).toContain(
      "duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry",
    )
    expect(words).not.toContain('Running containerd')
    expect((await connection.run(shown)).stdout).toContain('NRestarts=0')
  })

  it('needs its token again when its node was deleted, and says what a spent one does not get', async () => {
    await open()
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start k3s-agent')
    await until(() => ready().status === 'True')
    await connection.run('sudo -n systemctl stop k3s-agent')
    cluster.objects.delete('nodes/calypso')
    const environment = join(host.root, 'etc/systemd/system/k3s-agent.service.env')
    const text = readFileSync(environment, 'utf8')
    writeFileSync(environment, text.replace(/K3S_TOKEN=.*/, `K3S_TOKEN=K10${cluster.caHash}::aaaaaa.${'0'.repeat(16)}`))
    await connection.run('sudo -n systemctl start --no-block k3s-agent')
    const words = await journal(/server is not ready: .*401/)
    expect(words).toContain('Node authorization rejected, retrying without client certificate authentication')
    expect(words).toContain('server is not ready: https://127.0.0.1:6444/v1-k3s/serving-kubelet.crt: 401 Unauthorized')

    writeFileSync(environment, text)
    expect((await connection.run('sudo -n systemctl restart k3s-agent')).code).toBe(0)
    await until(() => ready().status === 'True')
    // With a token that is good, the certificate is refused for the serving certificate and then for the client's.
    const { stdout } = await connection.run('sudo -n journalctl -u k3s-agent -o cat --no-pager')
    const last = stdout.slice(stdout.lastIndexOf('Starting k3s agent'))
    expect(last.match(/Node authorization rejected/g)).toHaveLength(2)
  })

  it('is refused at its next start when the password of its name is another one meanwhile', async () => {
    await open()
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start k3s-agent')
    await until(() => ready().status === 'True')
    const other = nodePasswordSecret('calypso', 'of another machine')
    cluster.objects.put('secrets/kube-system/calypso.node-password.k3s', other)
    await until(() => cluster.requests.filter((request) => request.includes('/standin/v1/leases')).length > 1)
    expect(ready().status).toBe('True')
    await connection.run('sudo -n systemctl restart --no-block k3s-agent')
    expect(await journal(/Node password rejected/)).not.toContain('Node authorization rejected')
  })

  it('loops on a label that the kubelet refuses: lines, states and the failed job as recorded', async () => {
    await open({ faults: ['restricted-label'] })
    await install(cluster.serverToken)
    const start = await connection.run('sudo -n systemctl start k3s-agent')
    expect(start).toMatchObject({
      code: 1,
      stderr:
        'Job for k3s-agent.service failed because the control process exited with error code.\n' +
        'See "systemctl status k3s-agent.service" and "journalctl -xeu k3s-agent.service" for details.\n',
    })
    const short = await journal(
      /restart counter is at 1[\s\S]*Failed to start/,
      'sudo -n journalctl -u k3s-agent.service -f -n 500',
    )
    const shape = short
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^[A-Z][a-z]{2} [0-9]{2} [0-9:]{8} calypso (\S+?)\[\d+\]: /, '$1| '))
      .filter(
        (line) =>
          line.startsWith('systemd|') ||
          /run\.go|validate kubelet flags|--node-labels in the|^k3s\| {2}>|kubelet exited/.test(line),
      )
    const cycle = [
      'systemd| Starting k3s-agent.service - Lightweight Kubernetes...',
      expect.stringMatching(/^k3s\| E\d{4} [0-9:.]{15} +\d+ run\.go:72\] "command failed" err=<$/),
      "k3s|         failed to validate kubelet flags: unknown 'kubernetes.io' or 'k8s.io' labels specified with --node-labels: [node-role.kubernetes.io/gpu]",
      expect.stringContaining("--node-labels in the 'kubernetes.io' namespace must begin with an allowed prefix"),
      'k3s|  >',
      expect.stringContaining('level=error msg="kubelet exited: exit status 1"'),
      'systemd| k3s-agent.service: Main process exited, code=exited, status=1/FAILURE',
      "systemd| k3s-agent.service: Failed with result 'exit-code'.",
      'systemd| Failed to start k3s-agent.service - Lightweight Kubernetes.',
    ]
    const again = [
      'systemd| k3s-agent.service: Scheduled restart job, restart counter is at 1.',
      'systemd| Stopped k3s-agent.service - Lightweight Kubernetes.',
    ]
    expect(shape.slice(0, 20)).toEqual([...cycle, ...again, ...cycle])
    expect(host.unit('k3s-agent')?.restarts).toBeGreaterThan(0)
    expect(node()).toBeUndefined()
  })

  it('does not start with the same label when its node exists, because its certificate may not set it', async () => {
    await open()
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start k3s-agent')
    await until(() => ready().status === 'True')
    await install(cluster.serverToken, 'agent --node-label node-role.kubernetes.io/gpu=x')
    expect((await connection.run('sudo -n systemctl restart k3s-agent')).code).toBe(1)
    const words = await journal(/kubelet exited/)
    expect(words).toContain(
      String.raw`Failed to set annotations and labels on node calypso: nodes \"calypso\" is forbidden: is not allowed to modify labels: node-role.kubernetes.io/gpu`,
    )
    expect(words.match(/k3s agent is up and running/g)).toHaveLength(1)
    expect(node()?.metadata.labels).not.toHaveProperty('node-role.kubernetes.io/gpu')
    expect(ready().status).toBe('True')
  })

  it('starts with it when its node carries the label already, and loops afterwards', async () => {
    await open()
    await install(cluster.serverToken)
    await connection.run('sudo -n systemctl start k3s-agent')
    await until(() => ready().status === 'True')
    const labelled = node()
    if (labelled === undefined) throw new Error('there is no node')
    const labels = { ...labelled.metadata.labels, 'node-role.kubernetes.io/gpu': 'x' }
    cluster.objects.put('nodes/calypso', { ...labelled, metadata: { ...labelled.metadata, labels } })
    await install(cluster.serverToken, 'agent --node-label node-role.kubernetes.io/gpu=x')
    expect(await connection.run('sudo -n systemctl restart k3s-agent')).toMatchObject({ code: 0, stderr: '' })
    await until(() => (host.unit('k3s-agent')?.restarts ?? 0) > 0)
    expect(ready().status).toBe('True')
  })

  it('is active and never Ready when the container network does not come up', async () => {
    await open({ faults: ['never-ready'] })
    await install(cluster.serverToken)
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(0)
    await until(() => cluster.objects.get('leases/kube-node-lease/calypso') !== undefined)
    expect(ready()).toMatchObject({ status: 'False', reason: 'KubeletNotReady' })
    expect(ready().message).toMatch(/cni plugin not initialized$/)
  })

  it('is broken by a containerd template without the base, and by one that containerd cannot read', async () => {
    await open()
    await install(cluster.serverToken)
    const folder = join(host.root, 'var/lib/rancher/k3s/agent/etc/containerd')
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'config.toml.tmpl'),
      '[plugins.opt]\n  path = "/opt/containerd"\n[plugins.cri.containerd.runtimes.nvidia]\n',
    )
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(0)
    await until(() => cluster.objects.get('leases/kube-node-lease/calypso') !== undefined)
    expect(ready()).toMatchObject({ status: 'False', message: expect.stringMatching(/cni plugin not initialized$/) })
    expect(host.unit('k3s-agent')).toMatchObject({ activeState: 'active', restarts: 0 })
    const log = join(host.root, 'var/lib/rancher/k3s/agent/containerd/containerd.log')
    // Table by table, as containerd 2.0.13 told it of such a template.
    const said = readFileSync(log, 'utf8')
    expect(
      [...said.matchAll(/Ignoring unknown key in TOML .* key=("[^"]+"|\S+) plugin=/g)].map(([, key]) => key),
    ).toEqual(['containerd', '"containerd runtimes"', '"containerd runtimes nvidia"'])
    expect(said).toContain(
      'level=error msg="failed to load cni during init, please check CRI plugin status before setting up network for pods" error="cni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config"',
    )
    await connection.run('sudo -n systemctl stop k3s-agent')
    writeFileSync(join(folder, 'config.toml.tmpl'), 'version = 99\n{{ template "base" . }}\n')
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(1)
    expect(await journal(/containerd exited/)).toContain('msg="containerd exited: exit status 1"')
    expect(readFileSync(log, 'utf8')).toContain(
      'expected containerd config version equal to or less than `3`, got `99`',
    )
  })

  it('has the network’s configuration only after its first start: until then containerd misses it, as a real one does', async () => {
    await open()
    await install(cluster.serverToken)
    const log = join(host.root, 'var/lib/rancher/k3s/agent/containerd/containerd.log')
    const missed = (): number =>
      readFileSync(log, 'utf8').split('no network config found in /var/lib/rancher').length - 1
    await connection.run('sudo -n systemctl start k3s-agent')
    await until(() => ready().status === 'True')
    expect(missed()).toBe(1)
    await connection.run('sudo -n systemctl restart k3s-agent')
    expect([missed(), readFileSync(log, 'utf8').split('successfully booted').length - 1]).toEqual([1, 2])
  })

  it('exits at every start when its kubelet does not know a flag, in the kubelet’s words', async () => {
    await open({ faults: ['crash-loop'] })
    await install(cluster.serverToken)
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(1)
    const said = await journal(/restart counter is at 1/)
    expect(said).toMatch(
      /Flag --containerd has been deprecated.*\nE\d{4} \S+ +\d+ run\.go:72\] "command failed" err="failed to parse kubelet flag: unknown flag: --no-such-flag"\n.*kubelet exited: exit status 1/,
    )
    expect(node()).toBeUndefined()
  })

  it('waits in auto-restart after a failed start, with the properties that were recorded', async () => {
    await open({ changes: { pace: 1 } })
    await install(cluster.serverToken)
    const folder = join(host.root, 'var/lib/rancher/k3s/agent/etc/containerd')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'config.toml.tmpl'), '[[[ broken\n')
    expect((await connection.run('sudo -n systemctl start k3s-agent')).code).toBe(1)
    expect((await connection.run(shown)).stdout).toBe(
      'StatusText=\nResult=exit-code\nNRestarts=0\nExecMainCode=1\nExecMainStatus=1\nActiveState=activating\nSubState=auto-restart\n',
    )
    const status = await connection.run('sudo -n systemctl status --no-pager k3s-agent')
    expect(status.stdout).toContain('Active: activating (auto-restart) (Result: exit-code)')
    // Somebody who does not want to wait, and somebody who wants it to end.
    expect(
      (await connection.run('sudo -n systemctl reset-failed k3s-agent; sudo -n systemctl stop k3s-agent')).code,
    ).toBe(0)
    expect(host.unit('k3s-agent')).toMatchObject({ activeState: 'inactive', starts: 1 })
  })

  it('says what is missing when the program or the unit is not there', async () => {
    await open()
    expect(await connection.run('sudo -n systemctl start k3s-agent')).toMatchObject({
      code: 5,
      stderr: 'Failed to start k3s-agent.service: Unit k3s-agent.service not found.\n',
    })
    expect(await connection.run('systemctl start k3s-agent')).toMatchObject({
      code: 1,
      stderr:
        'Failed to start k3s-agent.service: Interactive authentication required.\n' +
        "See system logs and 'systemctl status k3s-agent.service' for details.\n",
    })
    expect((await connection.run('systemctl reset-failed k3s-agent')).stderr).toBe(
      'Failed to reset failed state of unit k3s-agent.service: Interactive authentication required.\n',
    )
    await install(cluster.serverToken)
    writeFileSync(join(host.root, 'usr/local/bin/k3s'), 'not a program')
    await connection.run('sudo -n systemctl start k3s-agent')
    expect(await journal(/203\/EXEC/)).toContain('Failed at step EXEC spawning /usr/local/bin/k3s: Exec format error')
  })

  it('is forgotten by systemd once it does not run, unless a target wants it', async () => {
    await open()
    await install(cluster.serverToken)
    const state = async () =>
      (await connection.run('systemctl show -p LoadState,ActiveState,NeedDaemonReload,NRestarts k3s-agent')).stdout
    const said = (load: string, active: string, reload: string) =>
      `NRestarts=0\nLoadState=${load}\nActiveState=${active}\nNeedDaemonReload=${reload}\n`
    const unit = join(host.root, 'etc/systemd/system/k3s-agent.service')
    const text = readFileSync(unit, 'utf8')
    const sudo = async (words: string) => (await connection.run(`sudo -n systemctl ${words}`)).code
    // The installer's stand-in enabled it and read everything again.
    expect([await sudo('disable k3s-agent'), await sudo('start k3s-agent')]).toEqual([0, 0])
    expect(await sudo('stop k3s-agent')).toBe(0)
    expect(await state()).toBe(said('loaded', 'inactive', 'no'))
    writeFileSync(unit, `${text}# another\n`)
    expect(await state()).toBe(said('loaded', 'inactive', 'no'))
    rmSync(unit)
    expect(await state()).toBe(said('not-found', 'inactive', 'no'))

    writeFileSync(unit, text)
    expect([await sudo('enable k3s-agent'), await sudo('start k3s-agent'), await sudo('stop k3s-agent')]).toEqual([
      0, 0, 0,
    ])
    expect(await state()).toBe(said('loaded', 'inactive', 'no'))
    const later = new Date(Date.now() + 5000)
    utimesSync(unit, later, later)
    expect(await state()).toBe(said('loaded', 'inactive', 'yes'))
    expect([await sudo('disable --no-reload k3s-agent'), rmSync(unit)]).toEqual([0, undefined])
    expect(await state()).toBe(said('loaded', 'inactive', 'yes'))
    expect(await sudo('daemon-reload')).toBe(0)
    expect(await state()).toBe(said('not-found', 'inactive', 'no'))
  })

  it('refuses as a real systemd did what cannot be queued, also of those who do not wait', async () => {
    await open()
    const refusal = async (words: string) => {
      const { code, stderr } = await connection.run(`sudo -n systemctl ${words} k3s-agent`)
      return `${code} ${stderr}`
    }
    const missing = 'k3s-agent.service: Unit k3s-agent.service not found.\n'
    expect(await refusal('restart --no-block')).toBe(`5 Failed to restart ${missing}`)
    expect(await refusal('try-restart')).toBe(`5 Failed to try-restart ${missing}`)
    const unloaded = '1 Failed to reset failed state of unit k3s-agent.service: Unit k3s-agent.service not loaded.\n'
    expect(await refusal('reset-failed')).toBe(unloaded)
    await install(cluster.serverToken)
    expect(await refusal('try-restart')).toBe('0 ')
    expect(await refusal('reset-failed')).toBe('0 ')
    // The file is there, but systemd has forgotten a unit that does not run and that no target wants.
    await connection.run('sudo -n systemctl disable k3s-agent')
    expect(await refusal('try-restart')).toBe('0 ')
    expect(await refusal('reset-failed')).toBe(unloaded)
    const unit = join(host.root, 'etc/systemd/system/k3s-agent.service')
    symlinkSync('/dev/null', join(host.root, 'etc/systemd/system/m.service'))
    await connection.run('sudo -n systemctl daemon-reload')
    const masked = async (words: string) => {
      const { code, stdout, stderr } = await connection.run(`sudo -n systemctl ${words} m`)
      return `${code} ${stdout}${stderr}`
    }
    expect(await masked('start')).toBe('1 Failed to start m.service: Unit m.service is masked.\n')
    expect(await masked('restart --no-block')).toBe('1 Failed to restart m.service: Unit m.service is masked.\n')
    expect(await masked('stop')).toBe('0 ')
    expect(await masked('try-restart')).toBe('0 ')
    expect(await masked('is-enabled')).toBe('1 masked\n')
    expect(await masked('show -p LoadState,UnitFileState')).toBe('0 LoadState=masked\nUnitFileState=masked\n')
    expect(await masked('enable')).toBe('1 Failed to enable unit: Unit file /etc/systemd/system/m.service is masked.\n')
    writeFileSync(unit, '[Service]\nType=notify\n')
    await connection.run('sudo -n systemctl daemon-reload')
    expect(await refusal('restart --no-block')).toBe(
      "1 Failed to restart k3s-agent.service: Unit k3s-agent.service has a bad unit file setting.\nSee system logs and 'systemctl status k3s-agent.service' for details.\n",
    )
  })
})

describe('the handshake through the host itself', () => {
  it('has a curl that speaks from where the host is', async () => {
    await open()
    const url = `${server}/cacerts`
    expect((await connection.run(`curl -sk --max-time 5 ${url}`)).stdout).toBe(cluster.caPem)
    expect((await connection.run(`curl -s --max-time 5 ${url}`)).code).toBe(60)
    const token = cluster.serverToken.split(':').at(-1)
    const config = `url = "${server}/v1-k3s/readyz"\nuser = "node:${token}"\n`
    expect(await connection.run('curl -sk -w "%{http_code}" -K -', config)).toMatchObject({ code: 0, stdout: 'ok200' })
    expect((await connection.run('curl -skf -K -', config.replace(/user.*/, 'user = "node:no"'))).code).toBe(22)
  })
})
