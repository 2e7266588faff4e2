/** What goldentooth has for velaryon's GPU: the device plugin of seed 001, word by word, and a RuntimeClass, which the seed does not show and a pod needs that computes. */
import { parse } from 'yaml'
import type { KubernetesObject } from '../../contract.ts'
import type { MemoryStore } from '../store.ts'

/** "Final NVIDIA Device Plugin Configuration" */
const devicePlugin = `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: nvidia-device-plugin-daemonset
  namespace: kube-system
spec:
  selector:
    matchLabels:
      name: nvidia-device-plugin-ds
  updateStrategy:
    type: RollingUpdate
  template:
    metadata:
      labels:
        name: nvidia-device-plugin-ds
    spec:
      tolerations:
      - key: gpu
        operator: Equal
        value: "true"
        effect: NoSchedule
      nodeSelector:
        gpu: "true"
      priorityClassName: system-node-critical
      containers:
      - image: nvcr.io/nvidia/k8s-device-plugin:v0.14.5
        name: nvidia-device-plugin-ctr
        env:
        - name: FAIL_ON_INIT_ERROR
          value: "false"
        securityContext:
          privileged: true
        volumeMounts:
        - name: device-plugin
          mountPath: /var/lib/kubelet/device-plugins
        - name: dev
          mountPath: /dev
        - name: nvidia-ml-lib
          mountPath: /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1
          readOnly: true
        - name: nvidia-ml-actual
          mountPath: /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.575.51.03
          readOnly: true
      volumes:
      - name: device-plugin
        hostPath:
          path: /var/lib/kubelet/device-plugins
      - name: dev
        hostPath:
          path: /dev
      - name: nvidia-ml-lib
        hostPath:
          path: /lib/x86_64-linux-gnu/libnvidia-ml.so.1
      - name: nvidia-ml-actual
        hostPath:
          path: /usr/lib/x86_64-linux-gnu/libnvidia-ml.so.575.51.03
`

export function layGoldentooth(objects: MemoryStore, createdAt: string): void {
  const daemonSet = parse(devicePlugin) as KubernetesObject
  const metadata = { ...daemonSet.metadata, creationTimestamp: createdAt, generation: 1 }
  objects.put('daemonsets/kube-system/nvidia-device-plugin-daemonset', { ...daemonSet, metadata })
  objects.put('runtimeclasses/nvidia', {
    metadata: { name: 'nvidia', creationTimestamp: createdAt },
    handler: 'nvidia',
  })
}
