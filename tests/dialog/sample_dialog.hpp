// A dialog that has every kind of line, for the fuzz entries.
#pragma once

#include <string_view>

inline constexpr std::string_view sample_dialog = R"([dialog]
language = en
start = hello
fail = desk
hangup = lost
quiet = opening
import = VIP
tries = 3
turns = 12
[interrupt]
stop | be quiet => stop
repeat => again
operator => desk
[list staff]
smith | accounts => 105, Smith
[asked](!)
else = What?
else = Please press a key.
silence = Hello?
[hello]
play = oksana/hello
say = Hello, ${caller}.
say.ru = Привет.
if = ${hour} < 9 and not (${VIP} = 1) => desk
=> opening
[opening](asked)
say = Sales or support?
hear = sales | "support" | /sup.*/ => sales
hear = {who:@staff} => sales
hear = {n:@number} => address
key = 1 => sales
key = 12 => desk
key = {pin:4-6} => address
barge = keys
[sales](asked)
set = a.2: ${caller}
say = Really?
confirm = Did you say ${heard}?
hear = @yes => desk
hear = @no => address
key = 9 => opening
barge = voice
[address]
ask = street
save = orders: caller, n, a.2, who
notify = tg: ops, Order of ${caller}
record = voice, max 9s, silence 1s
say = Thanks.
hangup
[street](asked)
barge = no
say = Which street?
hear = main street => back
hear = {text:@any} => back
key = 1 => back
[desk]
say = One moment.
transfer = ${VIP}100
context = caller, who
busy => opening
noanswer => address
[lost]
save = lost: caller, step, heard
notify = tg: ops, lost at ${step}
)";
