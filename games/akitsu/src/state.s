; The state of the game, for anyone who watches the RAM. The addresses are promised: akitsu_ram.h, README.md.
        .segment "STATE"
.macro  var     name, addr, size
        .export name
name:   .res    size
        .assert name = $2000 + addr, error, "state moved"
.endmacro
        var     _magic,         $200, 2
        var     _screen,        $202, 1
        var     _round_state,   $203, 1
        var     _round_active,  $204, 1
        var     _level,         $205, 1
        var     _timer,         $206, 1
        var     _round_result,  $207, 1
        var     _frame_count,   $208, 2
        var     _rng,           $20A, 2
        var     _lag_frames,    $20C, 1
        var     _rounds_done,   $20D, 1
        var     _rounds_won,    $20E, 1
        var     _pad_held,      $20F, 1
        var     _hp,            $210, 1
        var     _ship_x,        $211, 1
        var     _charge,        $212, 1
        var     _dash,          $213, 1
        var     _dash_right,    $214, 1
        var     _safe,          $215, 1
        var     _cooldown,      $216, 1
        var     _enemies_left,  $217, 1
        var     _score,         $218, 2
        var     _shots_fired,   $21A, 1
        var     _specials,      $21B, 1
        var     _bounced,       $21C, 1
        var     _motion,        $21D, 1
        var     _state_free1,   $21E, 2
        var     _enemy_kind,    $220, 3
        var     _enemy_x,       $223, 3
        var     _enemy_y,       $226, 3
        var     _enemy_wait,    $229, 3
        var     _enemy_hp,      $22C, 3
        var     _state_free2,   $22F, 1
        var     _beam_state,    $230, 1
        var     _beam_x,        $231, 1
        var     _beam_frames,   $232, 1
        var     _state_free3,   $233, 1
        var     _pellet_x,      $234, 6
        var     _pellet_y,      $23A, 6
        var     _shot_kind,     $240, 8
        var     _shot_x,        $248, 8
        var     _shot_y,        $250, 8
        var     _state_free4,   $258, 168
