#include "dialog/readers/grammars.hpp"

namespace pbx::dialog::readers {

// Fewer words than the readers know: each one more can be misheard for another.
std::string_view all_rules_en() {
    return R"jsgf(
<yes_en> = (yes | yeah | yep | sure | okay | right | correct | of course | that's right | that's correct | no problem) [please];
<no_en> = (no | nope | no thanks | no thank you | not now | wrong | that's wrong | incorrect | i don't);
<unit_en> = one | two | three | four | five | six | seven | eight | nine;
<teen_en> = ten | eleven | twelve | thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen;
<ten_en> = twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety;
<below_100_en> = <unit_en> | <teen_en> | <ten_en> [<unit_en>];
<below_1000_en> = <below_100_en> | (a | <unit_en>) hundred [[and] <below_100_en>];
<thousands_en> = (a | <below_1000_en>) thousand;
<millions_en> = (a | <below_1000_en>) million;
<rest_en> = <below_1000_en> | and <below_100_en>;
<natural_en> = <millions_en> [<thousands_en>] [<rest_en>] | <thousands_en> [<rest_en>] | <below_1000_en>;
<number_en> = zero | [minus] <natural_en>;
<digit_en> = zero | oh | <unit_en>;
<digit_group_en> = <digit_en> | (double | triple) <digit_en>;
<digits_en> = <digit_group_en>+;
<phone_en> = [plus] <digit_en> <digit_en> <digit_group_en>+;
<weekday_en> = monday | tuesday | wednesday | thursday | friday | saturday | sunday;
<month_en> = january | february | march | april | may | june | july | august | september | october | november | december;
<ordinal_unit_en> = first | second | third | fourth | fifth | sixth | seventh | eighth | ninth;
<ordinal_teen_en> = tenth | eleventh | twelfth | thirteenth | fourteenth | fifteenth | sixteenth | seventeenth | eighteenth | nineteenth;
<day_en> = <ordinal_unit_en> | <ordinal_teen_en> | twentieth | twenty <ordinal_unit_en> | thirtieth | thirty first;
<year_en> = (nineteen | twenty) (<teen_en> | <ten_en> [<unit_en>]) | two thousand [[and] <below_100_en>];
<date_en> = today | tomorrow | the day after tomorrow | [on] [next | this] <weekday_en> | [on] [the] <day_en> [of] <month_en> [<year_en>] | [on] <month_en> [the] <day_en> [<year_en>] | [on] the <day_en> | in (<unit_en> | <teen_en>) days | in a week | in two weeks | in a month | next week;
<hour_en> = <unit_en> | ten | eleven | twelve;
<hour_24_en> = thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen | twenty [one | two | three];
<minute_en> = oh <unit_en> | <teen_en> | (twenty | thirty | forty | fifty) [<unit_en>];
<part_of_day_en> = a m | p m | in the morning | in the afternoon | in the evening | at night;
<past_en> = half past | quarter past | quarter to | (five | ten | twenty | twenty five) (past | to);
<time_en> = [at] <hour_en> [o'clock] [<part_of_day_en>] | [at] <hour_en> <minute_en> [<part_of_day_en>] | [at] <hour_24_en> (<minute_en> | hundred) | [at] [a] <past_en> <hour_en> [<part_of_day_en>] | [at] (noon | midnight) | now | in an hour | in half an hour | in <hour_en> hours | in (<teen_en> | <ten_en>) minutes;
<dollars_en> = dollar | dollars | euro | euros | pound | pounds;
<cents_en> = cent | cents;
<money_en> = <natural_en> [<dollars_en>] | <natural_en> <dollars_en> [and] <below_100_en> <cents_en> | <below_100_en> <cents_en>;
)jsgf";
}

}  // namespace pbx::dialog::readers
