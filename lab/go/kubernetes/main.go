// Command kubernetes holds the Kubernetes programs that the lab runs, in one file: the name it is called by says which one it is.
// One program is linked once instead of five times, which is most of the time that a cold build takes.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	_ "time/tzdata" // for time zones in CronJobs, as in the programs themselves

	"github.com/spf13/cobra"

	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubeadm "k8s.io/kubernetes/cmd/kubeadm/app"
	kubeadmutil "k8s.io/kubernetes/cmd/kubeadm/app/util"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"k3s-gpu-actions.invalid/lab/kubernetes/crictl"
	"k3s-gpu-actions.invalid/lab/kubernetes/deviceplugin"
)

func main() {
	programs := map[string]func() *cobra.Command{
		"crictl":                  crictl.NewCommand,
		"device-plugin":           deviceplugin.NewCommand,
		"kube-apiserver":          apiserver.NewAPIServerCommand,
		"kube-controller-manager": controllermanager.NewControllerManagerCommand,
		"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
		"kubectl":                 cmd.NewDefaultKubectlCommand,
		"kubelet":                 kubelet.NewKubeletCommand,
	}
	name := filepath.Base(os.Args[0])
	if name == "kubeadm" {
		// By its own door: it sets up its flags and its exit codes itself.
		kubeadmutil.CheckErr(kubeadm.Run())
		return
	}
	program, ok := programs[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "%s is none of the programs in this file\n", name)
		os.Exit(2)
	}
	os.Exit(cli.Run(program()))
}
