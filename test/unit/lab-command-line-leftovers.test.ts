import { describe, expect, it } from '@jest/globals'
import { differences, type Snapshot } from '../../lab/command-line/differences.ts'

const state = '/var/tmp/k3s-gpu-actions-lab'

const before: Snapshot = {
  state,
  processes: ['tail (pid 7, started at tick 12)'],
  mounts: ['31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw'],
  links: ['lo', 'eth0'],
  groups: [],
  files: { '/etc/hosts': '100644 220 1', '/tmp': '41777', '/run/lock': '41777' },
  settings: { 'vm/overcommit_memory': '0' },
}

describe('what a lab left', () => {
  it('is nothing when the machine is as before', () => {
    expect(differences(before, before)).toEqual([])
  })

  it('is named, each on a line of its own', () => {
    const after: Snapshot = {
      ...before,
      processes: [...before.processes, 'etcd (pid 99, started at tick 500)'],
      mounts: [
        ...before.mounts,
        '80 23 0:50 / /var/tmp/k3s-gpu-actions-lab/etcd rw - tmpfs tmpfs rw',
        '81 23 0:4 net:[4026532281] /run/netns/cni-1 rw shared:9 - nsfs nsfs rw',
      ],
      links: ['lo', 'eth0', 'lab0'],
      groups: ['/sys/fs/cgroup/pids/k3s-gpu-actions-lab'],
      files: { ...before.files, [state]: '40700', '/etc/hosts': '100644 221 2' },
      settings: { 'vm/overcommit_memory': '1' },
    }
    expect(differences(before, after)).toEqual([
      'process etcd (pid 99, started at tick 500)',
      `mount ${state}/etcd`,
      'mount /run/netns/cni-1',
      'network interface lab0',
      'control group /sys/fs/cgroup/pids/k3s-gpu-actions-lab',
      'file /etc/hosts is changed',
      `file ${state} is new`,
      'setting vm/overcommit_memory is 1, was 0',
    ])
  })

  it('is also what the lab took away', () => {
    const after: Snapshot = { ...before, mounts: [], links: ['lo'], files: {}, settings: {} }
    expect(differences(before, after)).toEqual([
      'mount /sys/fs/cgroup is gone or changed',
      'network interface eth0 is gone',
      'file /etc/hosts is gone',
      'setting vm/overcommit_memory is gone, was 0',
    ])
  })

  it('is found where everybody writes only under names that a lab gives', () => {
    const files = {
      ...before.files,
      '/tmp/vite-cache': '40755',
      '/run/user/1000': '40700',
      '/run/sudo/ts/me': '100600 40 3',
      '/tmp/k3s-gpu-actions-embedded-x': '40700',
      [`${state}.new-a1B2c3`]: '40700',
      '/run/netns/cni-1': '100444 0 3',
      '/run/systemd/nspawn/locks/inode-42:7': '100600 0 3',
      '/tmp/systemd-private-1-x': '40700',
    }
    expect(differences(before, { ...before, files })).toEqual([
      'file /run/netns/cni-1 is new',
      'file /run/systemd/nspawn/locks/inode-42:7 is new',
      'file /tmp/systemd-private-1-x is new',
      `file ${state}.new-a1B2c3 is new`,
    ])
  })

  it('is not what vanished meanwhile of other processes', () => {
    expect(differences(before, { ...before, processes: [] })).toEqual([])
  })
})
