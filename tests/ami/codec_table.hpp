// What Asterisk 22.10, 16.28 and older ones send, as captured, with what it says. The tests' table and the
// fuzzer's seeds.
#pragma once

#include <string_view>

namespace pbx::ami {

struct CodecRow {
    std::string_view bytes;  // messages whole
    std::string_view shown;  // "name=value;" for each header, "|" after each message
};

inline constexpr std::string_view device_list =
    "Response: Success\r\nActionID: 8\r\nEventList: start\r\nMessage: Device State Changes will "
    "follow\r\n\r\nEvent: DeviceStateChange\r\nActionID: 8\r\nDevice: PJSIP/anonymous\r\nState: "
    "UNAVAILABLE\r\n\r\nEvent: DeviceStateChange\r\nActionID: 8\r\nDevice: Custom:x\r\nState: "
    "INUSE\r\n\r\nEvent: DeviceStateListComplete\r\nActionID: 8\r\nEventList: Complete\r\nListItems: "
    "2\r\n\r\n";

inline constexpr CodecRow codec_table[] = {
    {"Response: Success\r\nChallenge: 199584870\r\n\r\n", "Response=Success;Challenge=199584870;|"},
    {"Response: Success\r\nMessage: Authentication accepted\r\n\r\nEvent: FullyBooted\r\nPrivilege: "
     "system,all\r\nUptime: 41\r\nLastReload: 41\r\nStatus: Fully Booted\r\n\r\n",
     "Response=Success;Message=Authentication accepted;|Event=FullyBooted;Privilege=system,all;Uptime=41;"
     "LastReload=41;Status=Fully Booted;|"},
    {"Event: DeviceStateChange\r\nPrivilege: call,all\r\nTimestamp: 1795416211.187200\r\nSystemName: "
     "a20300\r\nDevice: Custom:x\r\nState: INUSE\r\n\r\n",
     "Event=DeviceStateChange;Privilege=call,all;Timestamp=1795416211.187200;SystemName=a20300;"
     "Device=Custom:x;State=INUSE;|"},
    {device_list,
     "Response=Success;ActionID=8;EventList=start;Message=Device State Changes will follow;|"
     "Event=DeviceStateChange;ActionID=8;Device=PJSIP/anonymous;State=UNAVAILABLE;|"
     "Event=DeviceStateChange;ActionID=8;Device=Custom:x;State=INUSE;|"
     "Event=DeviceStateListComplete;ActionID=8;EventList=Complete;ListItems=2;|"},
    // an empty value keeps its blank
    {"Response: Success\r\nActionID: 11\r\nMessage: Extension Status\r\nExten: nosuch\r\nContext: "
     "default\r\nHint: \r\nStatus: -1\r\nStatusText: Unknown\r\n\r\n",
     "Response=Success;ActionID=11;Message=Extension Status;Exten=nosuch;Context=default;Hint=;Status=-1;"
     "StatusText=Unknown;|"},
    // a value with colons; a header that comes twice
    {"Response: Error\r\nActionID: 15\r\nMessage: Command output follows\r\nOutput: No such command 'x'\r\n"
     "Output: a: b\r\n\r\n",
     "Response=Error;ActionID=15;Message=Command output follows;Output=No such command 'x';Output=a: b;|"},
    // Asterisk 1.8 to 13: a command's output raw, empty lines and what looks like a header in it
    {"Response: Follows\r\nPrivilege: Command\r\nActionID: 4\r\nfirst\n\nEvent: none of ours\nlast\n--END "
     "COMMAND--\r\n\r\nEvent: Reload\r\n\r\n",
     "Response=Follows;Privilege=Command;ActionID=4;Output=first;Output=;Output=Event: none of ours;"
     "Output=last;|Event=Reload;|"},
    // bare line feeds, no blank after the colon, a line without a colon
    {"Event: A\nX:1\nodd\n\n", "Event=A;X=1;odd=;|"},
    // empty lines between messages
    {"\r\n\r\nEvent: A\r\n\r\n\r\nEvent: B\r\n\r\n", "Event=A;|Event=B;|"},
};

}  // namespace pbx::ami
