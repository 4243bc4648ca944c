// Answers as res_agi.c prints them, with what they mean: the table of the codec's tests and the fuzzer's
// seeds.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pbx::agi {

struct AnswerRow {
    std::string_view bytes;
    int code;
    std::string_view result;
    std::optional<std::string_view> text;
    std::optional<std::int64_t> endpos;
};

inline constexpr std::string_view usage_block =
    "520-Invalid command syntax.  Proper usage follows:\n"
    " Usage: STREAM FILE <filename> <escape digits> [sample offset]\n"
    "\n"
    "\tSend the given file, allowing playback to be interrupted\n"
    "520 End of proper usage.\n";

inline constexpr AnswerRow answer_table[] = {
    {"200 result=0\n", 200, "0", {}, {}},
    {"200 result=-1\n", 200, "-1", {}, {}},
    {"200 result=\n", 200, "", {}, {}},
    {"200 result=49 endpos=16000\n", 200, "49", {}, 16000},
    {"200 result=-1 endpos=0\n", 200, "-1", {}, 0},
    {"200 result=0 endpos=-1\n", 200, "0", {}, -1},
    {"200 result=1 (value)\n", 200, "1", "value", {}},
    {"200 result=1 ()\n", 200, "1", "", {}},
    {"200 result=1 (a) b (c))\n", 200, "1", "a) b (c)", {}},
    {"200 result=1 (first\nsecond)\n", 200, "1", "first\nsecond", {}},
    {"200 result=1 (\n\n)\n", 200, "1", "\n\n", {}},
    {"200 result=1 (x) endpos=5)\n", 200, "1", "x) endpos=5", {}},
    {"200 result=1 (tail\r)\n", 200, "1", "tail\r", {}},
    {"200 result=12*# (timeout)\n", 200, "12*#", "timeout", {}},
    {"200 result= (timeout)\n", 200, "", "timeout", {}},
    {"200 result=-1 (hangup) endpos=8000\n", 200, "-1", "hangup", 8000},
    {"200 result=35 (dtmf) endpos=320\n", 200, "35", "dtmf", 320},
    {"200 result=18 (timeout) endpos=24000\n", 200, "18", "timeout", 24000},
    {"200 result=-1 (writefile)\n", 200, "-1", "writefile", {}},
    {"200 result=-1 (randomerror) endpos=0\n", 200, "-1", "randomerror", 0},
    {"200 result=-1 (waitfor) endpos=160\n", 200, "-1", "waitfor", 160},
    {"200 result=1 (speech) endpos=0 results=1 score0=90 text0=\"a) b\" grammar0=g\n", 200, "1", "speech", 0},
    {"200 result=1 (digit) digit=5 endpos=10\n", 200, "1", "digit", 10},
    {"510 Invalid or unknown command\n", 510, "", "Invalid or unknown command", {}},
    {"511 Command Not Permitted on a dead channel or intercept routine\n",
     511,
     "",
     "Command Not Permitted on a dead channel or intercept routine",
     {}},
    {"520 Invalid command syntax.  Proper usage not available.\n",
     520,
     "",
     "Invalid command syntax.  Proper usage not available.",
     {}},
    {usage_block,
     520,
     "",
     " Usage: STREAM FILE <filename> <escape digits> [sample offset]\n\n\tSend the given file, allowing "
     "playback to be "
     "interrupted",
     {}},
};

inline constexpr std::string_view environment_sample =
    "agi_network: yes\nagi_network_script: robot\nagi_request: agi://127.0.0.1/robot\n"
    "agi_channel: PJSIP/100-00000001\nagi_language: ru\nagi_type: PJSIP\nagi_uniqueid: 1700000000.1\n"
    "agi_version: 22.10.0\nagi_callerid: 74951234567\nagi_calleridname: agi_x: y: \"z\" \\\n"
    "agi_callingpres: 0\nagi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0\nagi_dnid: unknown\n"
    "agi_rdnis: unknown\nagi_context: robots\nagi_extension: 300\nagi_priority: 2\nagi_enhanced: 0.0\n"
    "agi_accountcode: \nagi_threadid: 140000000000000\nagi_arg_1: first\nagi_arg_2: \nagi_arg_3: third\n\n";

}  // namespace pbx::agi
