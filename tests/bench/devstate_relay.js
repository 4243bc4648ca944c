// The rival of scripts/bench-devstate: a lamp relay as people write it, asterisk-manager for AMI and ws between two servers.
//   node devstate_relay.js AMI_PORT USER SECRET SERVER DEVICES listen|connect PORT
// Devices that match DEVICES go out as JSON; what comes in is written to Custom:NAME*SERVER.
'use strict';
const [amiPort, user, secret, server, devices, role, port] = process.argv.slice(2);
const AmiClient = require('asterisk-manager');
const WebSocket = require('ws');

const peers = new Set();
const wanted = new RegExp(devices);
const ami = new AmiClient(amiPort, '127.0.0.1', user, secret, true);
ami.keepConnected();

ami.on('devicestatechange', (event) => {
  if (!wanted.test(event.device) || event.device.includes('*')) return;
  const message = JSON.stringify({ server, name: event.device.replace(/^.*[:/]/, ''), state: event.state });
  for (const peer of peers) peer.send(message);
});

function take(message) {
  const { server: from, name, state } = JSON.parse(message);
  ami.action({ action: 'Setvar', variable: `DEVICE_STATE(Custom:${name}*${from})`, value: state });
}

function join(socket) {
  peers.add(socket);
  socket.on('message', take);
  socket.on('close', () => peers.delete(socket));
  console.log('joined');
}

function dial() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.on('open', () => join(socket));
  socket.on('error', () => {});
  socket.on('close', () => setTimeout(dial, 100));
}

// after the login: what asterisk-manager holds back until then it sometimes loses
ami.action({ action: 'Ping' }, () => {
  if (role === 'listen') new WebSocket.Server({ host: '127.0.0.1', port: Number(port) }).on('connection', join);
  else dial();
});
