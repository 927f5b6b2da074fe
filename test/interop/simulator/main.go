// Serves the vCenter simulator of govmomi, the one inside vcsim, on a port of the loopback address, and prints its address. The
// module of vcsim's own main program is not published apart from its repository, so this one stands in for it.
package main

import (
	"flag"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/vmware/govmomi/simulator"
	_ "github.com/vmware/govmomi/vapi/simulator"
)

func main() {
	user := flag.String("user", "user", "the only user who may log in")
	password := flag.String("password", "", "the password of that user")
	flag.Parse()
	model := simulator.VPX()
	model.Machine = 0
	if err := model.Create(); err != nil {
		log.Fatal(err)
	}
	defer model.Remove()
	model.Service.Listen = &url.URL{Host: "127.0.0.1:0", User: url.UserPassword(*user, *password)}
	model.Service.RegisterEndpoints = true
	server := model.Service.NewServer()
	defer server.Close()
	datastore := model.Map().Any("Datastore").Reference().Value
	fmt.Printf("listening on http://%s with %s\n", server.URL.Host, datastore)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
}
