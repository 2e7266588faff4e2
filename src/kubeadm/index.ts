export { leavingKubeadm } from './leave.ts'
