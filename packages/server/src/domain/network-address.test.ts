import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import { isNetworkAddress } from "./network-address.ts";

test("addresses of both kinds are told from what is none, as Node tells them", () => {
  const texts = `192.0.2.1|0.0.0.0|255.255.255.255|::|::1|1::|2001:db8::1|2001:DB8:0:0:0:0:0:1
    |::ffff:192.0.2.1|64:ff9b::192.0.2.1|fe80::1%eth0|1:2:3:4:5:6:192.0.2.1|1:2:3:4:5:6:7::
    |::2:3:4:5:6:7:8|localhost|192.0.2|192.0.2.1.1|192.0.2.256|192.0.02.1|192.0.2.1 x|:|:::|1::2::3
    |1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|12345::|g::|::1%|192.0.2.1::|::192.0.2.1:1
    |1:2:3:4:5:6:7:192.0.2.1|[::1]|::1/64|%eth0|1:2:3:4::5:6:7:8|::ffff:192.0.2.256|127.0.0.1:80
    |:1:2:3:4:5:6:7:8||%`.split(/\s*\|/);
  for (const text of texts) assert.equal(isNetworkAddress(text), isIP(text) !== 0, text);
});
