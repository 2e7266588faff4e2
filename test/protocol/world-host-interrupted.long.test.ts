import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { HostWorld } from '../../rehearsal/contract.ts'
import { type HostOptions, startHost } from '../../rehearsal/host/index.ts'
import { startWorld } from '../../rehearsal/world.ts'
import { Connection, finished, forget, networkTo, scratch } from './world-host-client.ts'

const closing: (() => Promise<void> | void)[] = []

async function host(changes: Partial<HostOptions> = {}): Promise<{ host: HostWorld; connection: Connection }> {
  const directory = scratch()
  const host = await startHost({ name: 'calypso', directory, network: networkTo('refused'), pace: 0.02, ...changes })
  const connection = await Connection.open(host)
  closing.push(
    () => forget(directory),
    () => host.close(),
    () => void connection.client.destroy(),
  )
  return { host, connection }
}

afterEach(async () => {
  for (const close of closing.reverse()) await close()
  closing.length = 0
})

const staged = 'echo begun; read -r line; echo staged; read -r never; echo "$line" > "$ROOT/tmp/read"'

describe('an SSH session that is interrupted', () => {
  it('is cut where its output says, the client never gets that output, and the command loses its input', async () => {
    const { host: world, connection } = await host()
    const cut = world.cutAt(/^staged$/m)
    const channel = await connection.channel(staged)
    const outcome = finished(channel)
    channel.write('go\n')
    await cut
    expect(await outcome).toEqual({ code: null, signal: undefined, stdout: 'begun\n', stderr: '' })
    const again = await Connection.open(world)
    // The command is at the end of its input, and goes on.
    const written = await again.run(
      'until [ -e "$ROOT/tmp/read" ]; do sleep 0.01; done; cat "$ROOT/tmp/read"; echo staged',
    )
    expect(written).toMatchObject({ code: 0, stdout: 'go\nstaged\n' })
    again.client.destroy()
  })

  it('ends with the signal when its command is killed, with everything that the command runs', async () => {
    const { host: world, connection } = await host()
    const killed = world.killAt(/^staged$/m, 'command')
    const channel = await connection.channel('timeout 60 sh -c "echo staged; sleep 50"')
    const outcome = finished(channel)
    await killed
    expect(await outcome).toMatchObject({ code: null, signal: 'SIGKILL' })
    while (world.processes().length > 0) await new Promise((resolve) => setImmediate(resolve))
    expect((await connection.run('echo alive')).stdout).toBe('alive\n')
  })

  it('loses its connection when the sshd that serves it is killed', async () => {
    const { host: world, connection } = await host()
    const killed = world.killAt(/begun/, 'sshd')
    const outcome = finished(await connection.channel(staged))
    await killed
    expect(await outcome).toMatchObject({ code: null, stdout: '' })
    const again = await Connection.open(world)
    expect((await again.run('echo alive')).stdout).toBe('alive\n')
    again.client.destroy()
  })
})

describe('what strangers wrote', () => {
  const hostile = '::set-output name=result::joined'

  it('stands in files and programs of the machine', async () => {
    const files = { '/etc/hostname': `${hostile}\n`, 'etc/rancher/node/password': 'x\n' }
    const programs = { uname: `printf '%s\\n' '${hostile}'`, date: 'echo 12' }
    const { connection } = await host({ strange: { files, programs } })
    const seen = await connection.run('cat "$ROOT/etc/hostname" "$ROOT/etc/rancher/node/password"; uname -r; date +%s')
    expect(seen).toMatchObject({ code: 0, stdout: `${hostile}\nx\n${hostile}\n12\n` })
  })

  it('is in the journal, in containerd.log, in the server’s certificate and in its answers', async () => {
    const directory = scratch()
    const strange = {
      agentLines: [hostile],
      containerdLines: [hostile],
      serverSubject: { commonName: hostile, organization: '<script>' },
    }
    const world = await startWorld({
      directory: join(directory, 'world'),
      faults: new Set(),
      calypso: 'joined-by-hand',
      pace: 0.02,
      strange,
    })
    closing.push(
      () => forget(directory),
      () => world.close(),
    )
    const connection = await Connection.open(world.calypso)
    closing.push(() => void connection.client.destroy())
    const journal = await connection.run('sudo -n journalctl -u k3s-agent --no-pager -o cat')
    expect(journal.stdout.split('\n')).toContain(hostile)
    const log = join(world.calypso.root, 'var/lib/rancher/k3s/agent/containerd/containerd.log')
    expect(readFileSync(log, 'utf8').split('\n')[0]).toBe(hostile)
    const { connect } = await import('node:tls')
    const subject = await new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: world.cluster.port, rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().subject)
        socket.destroy()
      })
    })
    expect(subject).toMatchObject({ CN: hostile, O: '<script>' })
    world.cluster.answerWith(/^GET \/cacerts$/, 500, hostile)
    const answer = await connection.run('curl -sk https://157.173.210.123:6443/cacerts -w " %{http_code}"')
    expect(answer.stdout).toBe(`${hostile} 500`)
  })
})

describe('the card', () => {
  it('is used by whom the world says, from a moment that systemd knows', async () => {
    const { host: world, connection } = await host()
    const processes = async (): Promise<string> =>
      (await connection.run('nvidia-smi --query-compute-apps=pid,name --format=csv,noheader')).stdout
    expect(await processes()).toBe('2143, tritonserver\n')
    world.beforeSystemctl('daemon-reload', () => world.setGpuProcesses([]))
    await connection.run('sudo -n systemctl reset-failed')
    expect(await processes()).toBe('2143, tritonserver\n')
    await connection.run('sudo -n systemctl daemon-reload')
    expect(await processes()).toBe('')
    world.setGpuProcesses([{ pid: 77, name: 'python3' }])
    expect(await processes()).toBe('77, python3\n')
    expect(readFileSync(join(world.root, 'proc/77/comm'), 'utf8')).toBe('python3\n')
  })
})
