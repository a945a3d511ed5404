; The state of the game, for anyone who watches the RAM. The addresses are promised: kumite_ram.h, README.md.
        .segment "STATE"
.macro  var     name, addr, size
        .export name
name:   .res    size
        .assert name = addr, error, "state moved"
.endmacro
        var     _magic,         $0300, 2
        var     _screen,        $0302, 1
        var     _round_state,   $0303, 1
        var     _fight_active,  $0304, 1
        var     _round_no,      $0305, 1
        var     _timer,         $0306, 1
        var     _cpu_level,     $0307, 1
        var     _two_players,   $0308, 1
        var     _frame_count,   $0309, 2
        var     _rng,           $030B, 2
        var     _round_result,  $030D, 1
        var     _match_winner,  $030E, 1
        var     _lag_frames,    $030F, 1
        var     _health,        $0310, 2
        var     _pos_x,         $0312, 2
        var     _pos_y,         $0314, 2
        var     _facing,        $0316, 2
        var     _state,         $0318, 2
        var     _mframe,        $031A, 2
        var     _rounds_won,    $031C, 2
        var     _proj_on,       $031E, 2
        var     _proj_x,        $0320, 2
        var     _proj_y,        $0322, 2
        var     _hits,          $0324, 2
        var     _matches_won,   $0326, 2
        var     _phase,         $0328, 2
        var     _combo,         $032A, 2
        var     _blocks,        $032C, 2
        var     _character,     $032E, 2
        var     _stun,          $0330, 2
        var     _specials,      $0332, 2
        var     _charge,        $0334, 2
        var     _pad_held,      $0336, 2
        var     _rounds_done,   $0338, 1
        var     _hitstop,       $0339, 1
        var     _state_free,    $033A, 70
