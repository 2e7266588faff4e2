// Package crictl is a stand-in of crictl, as far as this project asks it: the answers come from the real containerd over the
// real container runtime interface, and are printed in crictl's own form (kubernetes-sigs/cri-tools cmd/crictl/util.go).
package crictl

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"github.com/gogo/protobuf/jsonpb"
	"github.com/gogo/protobuf/proto"
	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	runtime "k8s.io/cri-api/pkg/apis/runtime/v1"
)

type options struct {
	endpoint    string
	timeout     time.Duration
	output      string
	template    string
	quiet       bool
	all         bool
	name        string
	state       string
	execSync    bool
	execSeconds int64
}

// NewCommand returns the program.
func NewCommand() *cobra.Command {
	o := options{}
	command := &cobra.Command{
		Use:          "crictl",
		Short:        "Stand-in of crictl: info, ps, inspect and exec, answered by the container runtime of this machine",
		SilenceUsage: true,
	}
	flags := command.PersistentFlags()
	flags.StringVarP(&o.endpoint, "runtime-endpoint", "r", "unix:///run/k3s/containerd/containerd.sock", "endpoint of the runtime")
	flags.DurationVarP(&o.timeout, "timeout", "t", 2*time.Second, "of connecting to the runtime")
	ask := func(run func(context.Context, runtime.RuntimeServiceClient, []string) error) func(*cobra.Command, []string) error {
		return func(command *cobra.Command, words []string) error {
			connection, err := grpc.NewClient(o.endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
			if err != nil {
				return err
			}
			defer connection.Close()
			client := runtime.NewRuntimeServiceClient(connection)
			// A runtime that does not answer is told at once, as crictl does.
			ctx, cancel := context.WithTimeout(command.Context(), o.timeout)
			_, err = client.Version(ctx, &runtime.VersionRequest{})
			cancel()
			if err != nil {
				return fmt.Errorf("validate service connection: %w", err)
			}
			return run(command.Context(), client, words)
		}
	}

	info := &cobra.Command{Use: "info", Args: cobra.NoArgs, RunE: ask(o.info)}
	ps := &cobra.Command{Use: "ps", Args: cobra.NoArgs, RunE: ask(o.list)}
	inspect := &cobra.Command{Use: "inspect CONTAINER", Args: cobra.ExactArgs(1), RunE: ask(o.inspect)}
	exec := &cobra.Command{Use: "exec CONTAINER COMMAND...", Args: cobra.MinimumNArgs(2), RunE: ask(o.exec)}
	for _, one := range []*cobra.Command{info, ps, inspect} {
		one.Flags().StringVarP(&o.output, "output", "o", "", "json")
	}
	ps.Flags().BoolVarP(&o.quiet, "quiet", "q", false, "ids only")
	ps.Flags().BoolVarP(&o.all, "all", "a", false, "also those that do not run")
	ps.Flags().StringVar(&o.name, "name", "", "of the container")
	ps.Flags().StringVarP(&o.state, "state", "s", "", "running or exited")
	inspect.Flags().StringVar(&o.template, "template", "", "of Go, for --output go-template")
	exec.Flags().BoolVarP(&o.execSync, "sync", "s", false, "always so here")
	exec.Flags().Int64Var(&o.execSeconds, "timeout", 0, "seconds that the command may take")
	exec.Flags().SetInterspersed(false)
	command.AddCommand(info, ps, inspect, exec)
	return command
}

func (o *options) info(ctx context.Context, client runtime.RuntimeServiceClient, _ []string) error {
	answer, err := client.Status(ctx, &runtime.StatusRequest{Verbose: true})
	if err != nil {
		return err
	}
	status, err := plain(answer.Status)
	if err != nil {
		return err
	}
	printed := map[string]any{"status": status, "runtimeHandlers": answer.RuntimeHandlers}
	addInfo(printed, answer.Info)
	return print(printed)
}

func (o *options) list(ctx context.Context, client runtime.RuntimeServiceClient, _ []string) error {
	filter := &runtime.ContainerFilter{}
	if !o.all {
		filter.State = &runtime.ContainerStateValue{State: runtime.ContainerState_CONTAINER_RUNNING}
	}
	if strings.EqualFold(o.state, "exited") {
		filter.State = &runtime.ContainerStateValue{State: runtime.ContainerState_CONTAINER_EXITED}
	}
	answer, err := client.ListContainers(ctx, &runtime.ListContainersRequest{Filter: filter})
	if err != nil {
		return err
	}
	kept := answer.Containers[:0]
	for _, container := range answer.Containers {
		if strings.Contains(container.GetMetadata().GetName(), o.name) {
			kept = append(kept, container)
		}
	}
	answer.Containers = kept
	switch {
	case o.quiet:
		for _, container := range kept {
			fmt.Println(container.Id)
		}
		return nil
	case o.output == "json":
		value, err := plain(answer)
		if err != nil {
			return err
		}
		return print(value)
	}
	return fmt.Errorf("stand-in crictl: ps prints ids (-q) or JSON (-o json), no table")
}

func (o *options) inspect(ctx context.Context, client runtime.RuntimeServiceClient, words []string) error {
	id, err := fullID(ctx, client, words[0])
	if err != nil {
		return err
	}
	answer, err := client.ContainerStatus(ctx, &runtime.ContainerStatusRequest{ContainerId: id, Verbose: true})
	if err != nil {
		return err
	}
	status, err := plain(answer.Status)
	if err != nil {
		return err
	}
	printed := map[string]any{"status": status}
	addInfo(printed, answer.Info)
	if o.output == "go-template" {
		parsed, err := template.New("").Parse(o.template)
		if err != nil {
			return err
		}
		text := bytes.Buffer{}
		if err := parsed.Execute(&text, printed); err != nil {
			return err
		}
		fmt.Println(text.String())
		return nil
	}
	return print(printed)
}

func (o *options) exec(ctx context.Context, client runtime.RuntimeServiceClient, words []string) error {
	id, err := fullID(ctx, client, words[0])
	if err != nil {
		return err
	}
	answer, err := client.ExecSync(ctx, &runtime.ExecSyncRequest{ContainerId: id, Cmd: words[1:], Timeout: o.execSeconds})
	if err != nil {
		return err
	}
	os.Stdout.Write(answer.Stdout)
	os.Stderr.Write(answer.Stderr)
	if answer.ExitCode != 0 {
		return fmt.Errorf("command terminated with exit code %d", answer.ExitCode)
	}
	return nil
}

// fullID finds the one container whose id begins so, as crictl does for what its own tables print.
func fullID(ctx context.Context, client runtime.RuntimeServiceClient, prefix string) (string, error) {
	answer, err := client.ListContainers(ctx, &runtime.ListContainersRequest{})
	if err != nil {
		return "", err
	}
	for _, container := range answer.Containers {
		if strings.HasPrefix(container.Id, prefix) {
			return container.Id, nil
		}
	}
	return "", fmt.Errorf("unable to find container %q", prefix)
}

// plain is the message as crictl prints it: names in camel case, empty fields too.
func plain(message proto.Message) (any, error) {
	text, err := (&jsonpb.Marshaler{EmitDefaults: true}).MarshalToString(message)
	if err != nil {
		return nil, err
	}
	var value any
	err = json.Unmarshal([]byte(text), &value)
	return value, err
}

func addInfo(printed map[string]any, info map[string]string) {
	for key, text := range info {
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			value = text
		}
		printed[key] = value
	}
}

func print(value any) error {
	text := bytes.Buffer{}
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		return err
	}
	_, err := os.Stdout.Write(text.Bytes())
	return err
}
