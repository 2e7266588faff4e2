import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { addresses, hostFolder, type Parts } from '../../lab/contract.ts'
import { accounts, withAccounts } from '../../lab/hosts/accounts.ts'
import { countConnections, readUnit } from '../../lab/hosts/answers.ts'
import { applyFaults, expectLate } from '../../lab/hosts/faults.ts'
import { faultFolder, type MachineDescription, machineFiles, machineFolder } from '../../lab/hosts/files.ts'
import { startHost } from '../../lab/hosts/index.ts'
import type { FaultName } from '../../rehearsal/contract.ts'

const machine = (more: Partial<MachineDescription> = {}): MachineDescription => ({
  name: 'calypso',
  address: addresses.calypso,
  hasGpu: true,
  faults: new Set<FaultName>(),
  machineId: '0'.repeat(32),
  systemUuid: 'c0ffee00-0000-4000-8000-000000000001',
  containerId: 'ab'.repeat(32),
  publicKey: 'ssh-ed25519 AAAA runner',
  k3sStandIn: '#!/bin/sh\n',
  ...more,
})
const withFault = (fault: FaultName) => machineFiles(machine({ faults: new Set([fault]) }))

describe('the files of a lab host', () => {
  it('let everybody in with the same key, each as the owner of what sshd looks at', () => {
    const files = machineFiles(machine())
    for (const { name, uid } of accounts) {
      expect(files[`home/${name}/.ssh/authorized_keys`]).toEqual({
        text: 'ssh-ed25519 AAAA runner\n',
        mode: 0o600,
        owner: uid,
      })
    }
    expect(files['root/.ssh/authorized_keys']).toEqual({ text: 'ssh-ed25519 AAAA runner\n', mode: 0o600 })
  })

  it('make oceanid root without a password, until the fault takes that away', () => {
    const rule = 'etc/sudoers.d/90-cloud-init-users'
    expect(machineFiles(machine())[rule]).toMatchObject({ mode: 0o440 })
    expect(machineFiles(machine())[rule]?.text).toContain('oceanid ALL=(ALL) NOPASSWD:ALL\n')
    expect(withFault('no-sudo')[rule]).toBeUndefined()
  })

  it('have sshd note every connection, and forward unless the fault forbids it', () => {
    const settings = 'etc/ssh/sshd_config.d/10-lab.conf'
    expect(machineFiles(machine())[settings]?.text).toContain('LogLevel VERBOSE\n')
    expect(machineFiles(machine())[settings]?.text).not.toContain('AllowTcpForwarding')
    expect(withFault('forwarding-refused')[settings]?.text).toContain('\nAllowTcpForwarding no\n')
  })

  it('keep the identity that only root may read, and a card only where there is one', () => {
    const uuid = `${machineFolder}/class/dmi/id/product_uuid`
    expect(machineFiles(machine())[uuid]).toEqual({ text: 'c0ffee00-0000-4000-8000-000000000001\n', mode: 0o400 })
    const aboutCards = (hasGpu: boolean): readonly string[] =>
      Object.keys(machineFiles(machine({ hasGpu }))).filter((path) => /nvidia|docker|triton|pci/.test(path))
    expect(aboutCards(true)).toContain('usr/bin/nvidia-smi')
    expect(aboutCards(false)).toEqual([])
  })

  it('of kubeadm are what its packages bring: nothing of k3s, and a kubelet that nobody has configured', () => {
    const { k3sStandIn: _, ...bare } = machine({ distribution: 'kubeadm', hasGpu: false })
    for (const files of [machineFiles(bare), machineFiles(machine({ distribution: 'kubeadm', hasGpu: false }))]) {
      const paths = Object.keys(files)
      expect(paths.filter((path) => /k3s(?!-gpu-actions)|rancher/.test(path))).toEqual([])
      expect(paths.filter((path) => /^(etc\/kubernetes|var\/lib\/kubelet|etc\/cni)/.test(path))).toEqual([])
      expect(files['usr/bin/kubeadm']).toEqual({ link: `${hostFolder}/bin/kubeadm` })
      // The files that `kubeadm join` writes are the ones that the unit reads.
      const dropIn = files['usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf']?.text ?? ''
      for (const path of [
        '/etc/kubernetes/bootstrap-kubelet.conf',
        '/etc/kubernetes/kubelet.conf',
        '/var/lib/kubelet/config.yaml',
        '/var/lib/kubelet/kubeadm-flags.env',
        '/etc/default/kubelet',
      ])
        expect(dropIn).toContain(path)
    }
  })

  it('mark the fault that the agent obeys outside of the folder that the lab mounts', () => {
    expect(Object.keys(machineFiles(machine())).filter((path) => path.includes('no-network'))).toEqual([])
    expect(withFault('never-ready')[`${faultFolder}/no-network`]).toEqual({ text: '' })
    expect(faultFolder.startsWith(`${hostFolder}/`)).toBe(false)
  })
})

describe('accounts', () => {
  const given = {
    passwd: 'root:x:0:0:root:/root:/bin/bash\n',
    group: 'root:x:0:\nsudo:x:27:\nnogroup:x:65534:\n',
    shadow: 'root:*:20000:0:99999:7:::\n',
  }

  it('are added to those that were there, and only the operator comes into the group of sudo', () => {
    const files = withAccounts(given, '$6$salt$hash')
    expect(files.passwd).toBe(
      'root:x:0:0:root:/root:/bin/bash\n' +
        'oceanid:x:1000:1000::/home/oceanid:/bin/bash\n' +
        'operator:x:1001:1001::/home/operator:/bin/bash\n' +
        'guest:x:1002:1002::/home/guest:/bin/bash\n',
    )
    expect(files.group).toContain('\nsudo:x:27:operator\n')
    const others = withAccounts({ ...given, group: 'sudo:x:27:alice,bob\n' }, '$6$salt$hash')
    expect(others.group).toContain('sudo:x:27:alice,bob,operator\n')
  })

  it('have the password where people have one; what only a key opens has none that fits', () => {
    const { shadow } = withAccounts(given, '$6$salt$hash')
    expect(shadow).toContain('\noceanid:!:')
    expect(shadow).toContain('\noperator:$6$salt$hash:')
    expect(shadow).toContain('\nguest:$6$salt$hash:')
  })
})

describe('connections in the log of sshd', () => {
  it('count each once, also those that were refused or gave up', () => {
    const log = [
      'Server listening on 0.0.0.0 port 22.',
      'Connection from 192.0.2.1 port 37892 on 192.0.2.80 port 22 rdomain ""',
      'Accepted key ED25519 SHA256:oc04N9dF found at /root/.ssh/authorized_keys:1',
      'Accepted publickey for root from 192.0.2.1 port 37892 ssh2: ED25519 SHA256:oc04N9dF',
      'Starting session: command for root from 192.0.2.1 port 37892 id 0',
      'Disconnected from user root 192.0.2.1 port 37892',
      'Connection from 192.0.2.1 port 37938 on 192.0.2.80 port 22 rdomain ""',
      'error: Received disconnect from 192.0.2.1 port 37938:3:  [preauth]',
      'Connection from 192.0.2.1 port 37940 on 192.0.2.80 port 22 rdomain ""',
      'Connection closed by authenticating user oceanid 192.0.2.1 port 37940 [preauth]',
      '',
    ].join('\n')
    expect(countConnections(log)).toBe(3)
    expect(countConnections('')).toBe(0)
  })
})

describe('a unit', () => {
  it('is read from the properties in any order', () => {
    const shown = 'MainPID=53\nNRestarts=2\nActiveState=activating\nSubState=auto-restart\n'
    expect(readUnit(shown)).toEqual({ activeState: 'activating', subState: 'auto-restart', restarts: 2, mainPid: 53 })
  })
})

describe('faults that come over a running machine', () => {
  const roots: string[] = []
  const newRoot = (): string => {
    const root = mkdtempSync(join(tmpdir(), 'lab-host-'))
    roots.push(root)
    return root
  }
  afterEach(() => {
    for (const root of roots.splice(0)) rmSync(root, { recursive: true })
  })
  const recorded = () => {
    const commands: string[] = []
    const run = (command: readonly string[]) => {
      commands.push(command.join(' '))
      return Promise.resolve({ code: 0, stdout: '', stderr: '' })
    }
    return { commands, run, root: newRoot() }
  }

  it('block or bend only the way to the server, which has a port of its own on an address shared with the runner', async () => {
    const host = recorded()
    await applyFaults(host, new Set(['api-blocked', 'wrong-ca-hash']), { address: '192.0.2.1', port: 16443 })
    expect(host.commands).toEqual([
      'iptables -w -A OUTPUT -p tcp -d 192.0.2.1 --dport 6443 -j DROP',
      'iptables -w -t nat -A OUTPUT -p tcp -d 192.0.2.1 --dport 6443 -j DNAT --to-destination 192.0.2.1:16443',
    ])
  })

  it('are none where the fault is in the files, in the cluster or not there', async () => {
    const host = recorded()
    await applyFaults(host, new Set(['no-sudo', 'forwarding-refused', 'never-ready', 'no-rbac']), undefined)
    expect(host.commands).toEqual([])
  })

  it('answer for the server as a closed port does, or fill a real disk', async () => {
    const host = recorded()
    await applyFaults(host, new Set(['port-closed', 'disk-full']), undefined)
    expect(host.commands).toEqual([
      'iptables -w -A OUTPUT -p tcp -d 192.0.2.1 --dport 6443 -j REJECT --reject-with tcp-reset',
      `sh ${hostFolder}/source/lab/hosts/fill-disk.sh /var/lib/rancher`,
    ])
  })

  it('lay the files of an administrator, as the embedded host has them', async () => {
    const host = recorded()
    await applyFaults(host, new Set(['crash-loop', 'template-broken']), undefined)
    expect(host.commands).toEqual([])
    const read = (path: string): string => readFileSync(join(host.root, path), 'utf8')
    expect(read('etc/rancher/k3s/config.yaml')).toBe('kubelet-arg:\n  - no-such-flag=1\n')
    expect(read('var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl')).toMatch(/^\[plugins\.cri\n/)
  })

  it('are refused on a machine that was joined already where they belong to its first boot, or to the cluster', () => {
    for (const fault of ['no-sudo', 'never-ready', 'no-rbac', 'name-taken'] as const)
      expect(() => expectLate(new Set([fault]))).toThrow(`${fault} cannot come over a machine that was joined already`)
    expectLate(new Set(['api-blocked', 'restricted-label-ignored', 'template-harmful']))
  })

  it('say what the machine said', async () => {
    const failing = {
      root: newRoot(),
      run: () => Promise.resolve({ code: 3, stdout: '', stderr: 'iptables: No chain/target/match\n' }),
    }
    await expect(applyFaults(failing, new Set(['api-blocked']), undefined)).rejects.toThrow(
      /DROP ended with 3: iptables: No/,
    )
  })
})

describe('a lab host that cannot be as it is wanted', () => {
  it('is refused before anything is mounted or started', async () => {
    const options = {
      parts: {} as Parts,
      directory: '/nonexistent',
      name: 'calypso',
      address: addresses.calypso,
    } as const
    await expect(startHost({ ...options, state: 'joined-by-hand' })).rejects.toThrow('needs a cluster')
    await expect(startHost({ ...options, faults: new Set(['wrong-ca-hash']) })).rejects.toThrow('needs an impostor')
  })
})
