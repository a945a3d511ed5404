/* spellings.h - moves as players write them, and what the pad does: facts of public frame data and
 * wikis, not words of theirs. Included by test_spellings.c alone; its expand() says how the right
 * column reads. NULL: refused, for the reason in the manual (a choice, a state, two readings).
 *
 * Street Fighter 6, Third Strike, Ultra Street Fighter IV and Guilty Gear Strive are the most
 * frequent commands of their frame data and every 40th to 120th of the others, in digits and in
 * words; of choices that differ only in the button, one is kept. Tekken's commands from a state
 * that no pad names (WS, FC, BT, SS and stances: a third of its frame data) are there with one of
 * each. */
#ifndef TESTS_MACROS_SPELLINGS_H
#define TESTS_MACROS_SPELLINGS_H

typedef struct {
    const char *text, *pads;
} spelling_t;

/* clang-format off */
/* Street Fighter 6 */
static const spelling_t street_fighter_6[] = {
    { "5LP", "LP" }, { "5MP", "MP" }, { "5HP", "HP" }, { "5LK", "LK" }, { "5MK", "MK" }, { "5HK", "HK" },
    { "2LP", "2LP" }, { "2MP", "2MP" }, { "2HP", "2HP" }, { "2LK", "2LK" }, { "2MK", "2MK" }, { "2HK", "2HK" },
    { "236236P", "236236LP" }, { "8HK", "8HK" }, { "4LPLK", "4LP+LK" }, { "HPHK", "HP+HK" }, { "6HPHK", "6HP+HK" },
    { "8LP", "8LP" }, { "8MP", "8MP" }, { "8HP", "8HP" }, { "8LK", "8LK" }, { "8MK", "8MK" }, { "LPLK", "LP+LK" },
    { "236236K", "236236LK" }, { "MPMK", "MP+MK" }, { "MPMK / 66 (cancel)", NULL },
    { "5PPPKKK", "LP+MP+HP+LK+MK+HK" }, { "236KK", "236LK+MK" }, { "214PP", "214LP+MP" }, { "236PP", "236LP+MP" },
    { "214LP", "214LP" }, { "214MP", "214MP" }, { "214HP", "214HP" }, { "236LK", "236LK" }, { "236MK", "236MK" },
    { "236HK", "236HK" }, { "214214P", "214214LP" }, { "236LP", "236LP" }, { "236MP", "236MP" },
    { "236HP", "236HP" }, { "6HK", "6HK" }, { "214KK", "214LK+MK" }, { "6HP", "6HP" }, { "4HP", "4HP" },
    { "214LK", "214LK" }, { "214MK", "214MK" }, { "214HK", "214HK" }, { "6MP", "6MP" }, { "6MK", "6MK" },
    { "236P", "236LP" }, { "5LK > LK", "LK .4 LK" }, { "6HP > 6HP", "6HP .4 6HP" }, { "214K (lvl 3)", "214LK" },
    { "2LP (air)", "2LP" }, { "5HK > HP", "HK .4 HP" }, { "623PP > PP", "623LP+MP .4 LP+MP" },
    { "6MP > HK", "6MP .4 HK" }, { "214214K > 6", "214214LK .4 6" }, { "qcf,qcf+P", "236236LP" }, { "LP", "LP" },
    { "MP", "MP" }, { "HP", "HP" }, { "LK", "LK" }, { "MK", "MK" }, { "HK", "HK" }, { "d+LP", "2LP" },
    { "d+MP", "2MP" }, { "d+HP", "2HP" }, { "d+LK", "2LK" }, { "d+MK", "2MK" }, { "d+HK", "2HK" },
    { "u+LP", "8LP" }, { "u+MP", "8MP" }, { "u+HP", "8HP" }, { "u+LK", "8LK" }, { "u+MK", "8MK" },
    { "u+HK", "8HK" }, { "LP+LK", "LP+LK" }, { "b+LP+LK", "4LP+LK" }, { "HP+HK", "HP+HK" },
    { "f+HP+HK", "6HP+HK" }, { "qcf,qcf+K", "236236LK" }, { "MP+MK", "MP+MK" }, { "MP+MK / f,f (cancel)", NULL },
    { "PPP+KKK", "LP+MP+HP+LK+MK+HK" }, { "qcf+KK", "236LK+MK" }, { "qcb+PP", "214LP+MP" },
    { "qcf+PP", "236LP+MP" }, { "qcb+LP", "214LP" }, { "qcb+MP", "214MP" }, { "qcb+HP", "214HP" },
    { "qcf+LK", "236LK" }, { "qcf+MK", "236MK" }, { "qcf+HK", "236HK" }, { "qcb,qcb+P", "214214LP" },
    { "qcf+LP", "236LP" }, { "qcf+MP", "236MP" }, { "qcf+HP", "236HP" }, { "f+HK", "6HK" },
    { "qcb+KK", "214LK+MK" }, { "f+HP", "6HP" }, { "b+HP", "4HP" }, { "qcb+LK", "214LK" }, { "qcb+MK", "214MK" },
    { "qcb+HK", "214HK" }, { "f+MP", "6MP" }, { "f+MK", "6MK" }, { "hcb+LK", "63214LK" },
    { "f+HP > HP > HP", "6HP .4 HP .4 HP" }, { "qcf+KK > qcf+P", "236LK+MK .4 236LP" },
    { "qcf+P > LP+LK", "236LP .4 LP+LK" }, { "uf > d+MK", "9 .4 2MK" }, { "qcb+KK > K (air)", "214LK+MK .4 LK" },
    { "b,f+PP (bomb)", "46LP+MP" }, { "f+f", NULL }, { "PPP", "LP+MP+HP" },
};
/* Street Fighter III: Third Strike */
static const spelling_t third_strike[] = {
    { "2LP", "2LP" }, { "2MP", "2MP" }, { "2HP", "2HP" }, { "2LK", "2LK" }, { "2MK", "2MK" }, { "2HK", "2HK" },
    { "j.LK", "^ LK" }, { "j.MK", "^ MK" }, { "j.HK", "^ HK" }, { "236236P (SA3)", "236236LP" },
    { "j.LP", "^ LP" }, { "j.MP", "^ MP" }, { "j.HP", "^ HP" }, { "MPMK", "MP+MK" }, { "HPHK", "HP+HK" },
    { "5LK", "LK" }, { "5HK", "HK" }, { "LPLK", "LP+LK" }, { "236236P (SA1)", "236236LP" }, { "5HP", "HP" },
    { "236236P (SA2)", "236236LP" }, { "5LP (cl)", "LP" }, { "5LP (far)", "LP" }, { "5MP (cl)", "MP" },
    { "5MP (far)", "MP" }, { "8HP", "8HP" }, { "6MK", "6MK" }, { "5MK", "MK" }, { "5MP", "MP" },
    { "5MK (cl)", "MK" }, { "5MK (far)", "MK" }, { "236PP", "236LP+MP" }, { "4LPLK", "4LP+LK" }, { "8LP", "8LP" },
    { "8MP", "8MP" }, { "5LP", "LP" }, { "6MP", "6MP" }, { "6HP", "6HP" }, { "236LP", "236LP" },
    { "236MP", "236MP" }, { "236HP", "236HP" }, { "5HP (cl)", "HP" }, { "8MK", "8MK" }, { "623LP", "623LP" },
    { "623MP", "623MP" }, { "623HP", "623HP" }, { "214LK", "214LK" }, { "41236LP", "41236LP" }, { "46HP", "46HP" },
    { "236236P (mash P) (SA2)", "236236LP" }, { "1HP", "1HP" }, { "HP+HK", "HP+HK" }, { "d+LP", "2LP" },
    { "d+MP", "2MP" }, { "d+HP", "2HP" }, { "d+LK", "2LK" }, { "d+MK", "2MK" }, { "d+HK", "2HK" },
    { "j+LP", "^ LP" }, { "j+MP", "^ MP" }, { "j+HP", "^ HP" }, { "j+LK", "^ LK" }, { "j+MK", "^ MK" },
    { "j+HK", "^ HK" }, { "MP+MK", "MP+MK" }, { "qcf,qcf+P (SA3)", "236236LP" }, { "LK", "LK" },
    { "LP+LK", "LP+LK" }, { "HK", "HK" }, { "qcf,qcf+P (SA1)", "236236LP" }, { "HP", "HP" },
    { "qcf,qcf+P (SA2)", "236236LP" }, { "LP (cl)", "LP" }, { "LP (far)", "LP" }, { "MP (cl)", "MP" },
    { "MP (far)", "MP" }, { "u+HP", "8HP" }, { "f+MK", "6MK" }, { "MK", "MK" }, { "MP", "MP" },
    { "MK (cl)", "MK" }, { "MK (far)", "MK" }, { "qcf+PP", "236LP+MP" }, { "u+LP", "8LP" }, { "u+MP", "8MP" },
    { "LP", "LP" }, { "f+MP", "6MP" }, { "f+HP", "6HP" }, { "qcf+LP", "236LP" }, { "qcf+MP", "236MP" },
    { "qcf+HP", "236HP" }, { "HP (cl)", "HP" }, { "u+MK", "8MK" }, { "b+LP+LK", "4LP+LK" },
    { "f,d,df+LP", "623LP" }, { "f,d,df+MP", "623MP" }, { "f,d,df+HP", "623HP" }, { "hcb+LP", "63214LP" },
    { "hcf+MP", "41236MP" }, { "b,f+HP", "46HP" }, { "qcf,qcf+P (mash P) (SA2)", "236236LP" },
    { "qcf,qcf+P (mash P) (SA1)", "236236LP" },
};
/* Ultra Street Fighter IV */
static const spelling_t street_fighter_4[] = {
{ "2MP", "2MP" }, { "2LP", "2LP" }, { "2HP", "2HP" }, { "2LK", "2LK" }, { "2MK", "2MK" }, { "8LP", "8LP" },
     { "8MP", "8MP" }, { "8HP", "8HP" }, { "8LK", "8LK" }, { "8MK", "8MK" }, { "8HK", "8HK" }, { "MPMK", "MP+MK" },
     { "MPMK (partial hold)", "MP+MK" }, { "MPMK (full hold)", "MP+MK" }, { "LPMPMK", "LP+MP+MK" },
     { "LPMPMK (partial hold)", "LP+MP+MK" }, { "LPMPMK (full hold)", "LP+MP+MK" }, { "LPLK", "LP+LK" },
     { "4LPLK", "4LP+LK" }, { "2HK", "2HK" }, { "7HP or 9HP", NULL }, { "7MK or 9MK", NULL }, { "5LP (cl)", "LP" },
     { "5LP (far)", "LP" }, { "5MP (cl)", "MP" }, { "5HP (cl)", "HP" },
     { "5LK (cl)", "LK" }, { "5MK (cl)", "MK" }, { "5HK (cl)", "HK" }, { "5MP (far)", "MP" }, { "5HP (far)", "HP" },
     { "5LK (far)", "LK" }, { "5MK (far)", "MK" }, { "5HK (far)", "HK" }, 
      { "236PP", "236LP+MP" }, { "236236PPP", "236236LP+MP+HP" },
     { "236236KKK", "236236LK+MK+HK" }, { "623PP", "623LP+MP" }, { "623LP", "623LP" }, { "623MP", "623MP" },
     { "623HP", "623HP" }, { "6MK", "6MK" }, { "214KK", "214LK+MK" }, { "623P", "623LP" }, { "KK (mash)", "LK+MK" },
     { "623/421KKK", NULL }, { "8 > KKK (landing)", "8 .4 LK+MK+HK" }, { "d+LP", "2LP" }, { "d+MP", "2MP" },
     { "d+HP", "2HP" }, { "d+LK", "2LK" }, { "d+MK", "2MK" }, { "u+LP", "8LP" }, { "u+MP", "8MP" },
     { "u+HP", "8HP" }, { "u+LK", "8LK" }, { "u+MK", "8MK" }, { "u+HK", "8HK" }, { "MP+MK", "MP+MK" },
     { "MP+MK (partial hold)", "MP+MK" }, { "MP+MK (full hold)", "MP+MK" }, { "LP+MP+MK", "LP+MP+MK" },
     { "LP+MP+MK (partial hold)", "LP+MP+MK" }, { "LP+MP+MK (full hold)", "LP+MP+MK" }, { "LP+LK", "LP+LK" },
     { "b+LP+LK", "4LP+LK" }, { "d+HK", "2HK" }, { "uf or ub+HP", NULL }, 
     { "LP (cl)", "LP" }, { "LP (far)", "LP" }, { "MP (cl)", "MP" }, { "HP (cl)", "HP" },
     { "LK (cl)", "LK" }, { "MK (cl)", "MK" }, { "HK (cl)", "HK" }, { "MP (far)", "MP" }, { "HP (far)", "HP" },
     { "LK (far)", "LK" }, { "MK (far)", "MK" }, { "HK (far)", "HK" }, 
      { "qcf+PP", "236LP+MP" }, { "qcf,qcf+3P", "236236LP+MP+HP" },
     { "qcf,qcf+3K", "236236LK+MK+HK" }, { "f,d,df+PP", "623LP+MP" }, { "f,d,df+LP", "623LP" },
     { "f,d,df+MP", "623MP" }, { "f,d,df+HP", "623HP" }, { "f+MK", "6MK" }, { "qcb+KK", "214LK+MK" },
     { "hcf+K > P", "41236LK .4 LP" }, { "MK (mash)", "MK" }, { "qcb+LK > qcb+K", "214LK .4 214LK" }, { "qcb+P x3", "214LP .5 214LP .5 214LP" },
};
/* Street Fighter II, in the words and arrows of guides */
static const spelling_t street_fighter_2[] = {
    { "↓↘→+P", "236LP" }, { "→↓↘+P", "623LP" }, { "↓ ↙ ← + K", "214LK" }, { "←↙↓↘→+HP", "41236HP" },
    { "←→+P", "46LP" }, { "⬇️↘️➡️+MP", "236MP" }, { "→→", "66" }, { "←←", "44" }, { "↓↓+K", "22LK" },
    { "[←]→+P", "[4]6LP" }, { "Charge back, forward + P", "[4]6LP" }, { "charge down, up + K", "[2]8LK" },
    { "b (charge), f+HP", "[4]6HP" }, { "[b],f+HP", "[4]6HP" }, { "[d],u+MK", "[2]8MK" },
    { "[4],6LP", "[4]6LP" }, { "[2]8HK", "[2]8HK" }, { "charge b,f,b,f+K", "[4]646LK" },
    { "[4]646HK", "[4]646HK" }, { "P", "LP" }, { "PP", "LP+MP" }, { "PPP", "LP+MP+HP" }, { "KKK", "LK+MK+HK" },
    { "HP x5", "HP .5 HP .5 HP .5 HP .5 HP" }, { "close HP", "HP" }, { "far HK", "HK" },
    { "crouching MK", "2MK" }, { "standing HP", "HP" }, { "jumping HK", "^ HK" }, { "toward+HP", "6HP" },
    { "down+HK", "2HK" }, { "back+MP", "4MP" }, { "forward, down, df + P", "623LP" },
    { "720+P", "632147896321478LP" }, { "cr.MK xx qcf+HP", "2MK .1 236HP" },
    { "cl.HP xx dp+HP", "HP .1 623HP" }, { "j.HK, cr.MK xx qcb+K", "^ HK .8 2MK .1 214LK" },
    { "nj.HP", "^ HP" }, { "j9.HK", "^9 HK" }, { "cr.LP, cr.LP, cr.MK", "2LP .8 2LP .8 2MK" },
    { "LP, LP, f, LK, HP", "LP .8 LP .8 6 .8 LK .8 HP" }, { "LP,LP,6,LK,HP", "LP .8 LP .8 6 .8 LK .8 HP" },
    { "5LP -> 5MP", "LP .4 MP" }, { "5LP → 5MP", "LP .4 MP" }, { "2LK > 2LK > 623LP", "2LK .4 2LK .4 623LP" },
    { "qcfHP", "236HP" }, { "dpLP", "623LP" }, { "hcb.P", "63214LP" }, { "lp", "LP" }, { "5hp", "HP" },
    { "2mk xx 236hp", "2MK .1 236HP" }, { "cr.mk", "2MK" }, { "j.hk", "^ HK" }, { "mp+mk", "MP+MK" },
    { "qcb+kk", "214LK+MK" }, { "d/f+HP", "3HP" }, { "D/B+LK", "1LK" }, { "u/f+HK", "9HK" },
    { "236P~K", "236LP .0 LK" }, { "LP~LK", "LP .0 LK" }, { "5HP (1 hit) xx 623P", "HP .1 623LP" },
    { "(air) 214K", "214LK" }, { "c.MK", NULL }, { "f.HP", NULL },
};
/* Skullgirls */
static const spelling_t skullgirls[] = {
    { "cr.LK", "2LK" }, { "cr.MP", "2MP" }, { "cr.HP", "2HP" }, { "cr.MK", "2MK" }, { "cr.HK", "2HK" },
    { "st.LP", "LP" }, { "s.MP", "MP" }, { "s.HP", "HP" }, { "s.LK", "LK" }, { "s.MK", "MK" },
    { "j.LP", "^ LP" }, { "j.MP", "^ MP" }, { "j.HP", "^ HP" }, { "j.LK", "^ LK" }, { "j.MK", "^ MK" },
    { "j.HK", "^ HK" }, { "F+HP", "6HP" }, { "F+MK", "6MK" }, { "B+HP", "4HP" }, { "j.LP+LK", "^ LP+LK" },
    { "QCF+LP", "236LP" }, { "QCF+MP", "236MP" }, { "QCF HP", "236HP" }, { "QCF+PP", "236LP+MP" },
    { "QCF+KK", "236LK+MK" }, { "QCB+LK", "214LK" }, { "QCB+MK", "214MK" }, { "QCB HK", "214HK" },
    { "QCB+PP", "214LP+MP" }, { "DP+LP", "623LP" }, { "DP+MP", "623MP" }, { "DP+HP", "623HP" },
    { "DP+LK", "623LK" }, { "RDP+K", "421LK" }, { "HCB+LK", "63214LK" }, { "HCF+P", "41236LP" },
    { "360+LP", "632147:8LP" }, { "360+PP", "632147:8LP+MP" }, { "SPD+HP", "632147:8HP" },
    { "j.QCF+HP", "^ 236HP" }, { "j.QCB+MK", "^ 214MK" }, { "LP+LK", "LP+LK" }, { "MP+MK", "MP+MK" },
    { "LP,MP", "LP .8 MP" }, { "cr.LK, cr.MP", "2LK .8 2MP" },
    { "cr.LK > cr.MK > cr.HP", "2LK .4 2MK .4 2HP" }, { "j.LP > j.MP > j.HK", "^ LP .4 MP .4 HK" },
    { "j.LK, j.MK, j.HP", "^ LK .8 MK .8 HP" }, { "cr.MK xx QCF+HP", "2MK .1 236HP" },
    { "s.HP xx QCB+HK", "HP .1 214HK" }, { "cr.HP xx DP+HP", "2HP .1 623HP" },
    { "s.HP(2) xx QCF+PP", "HP .1 236LP+MP" }, { "[HP]", "HP!" }, { "cr.[HK]", "2HK!" }, { "j.[HP]", "^ HP!" },
    { "hold HP", "HP!" }, { "QCF x2 + PP", "236236LP+MP" }, { "2LK 2MK", NULL }, { "dash j.HP", NULL },
    { "dash > cr.LK", "66 .4 2LK" }, { "backdash", "44" }, { "b,f+HP", "46HP" }, { "charge b,f+LP", "[4]6LP" },
    { "[4]6HP", "[4]6HP" }, { "charge d, u+MK", "[2]8MK" }, { "tk.236K", "2369LK" }, { "TK QCB+LK", "2147LK" },
    { "IAD > j.HP > j.HK", "956 .4 HP .4 HK" }, { "2147LK", "2147LK" }, { "d,d+LK", "22LK" },
    { "D,D+HP", "22HP" }, { "f,f", "66" }, { "LP x3", "LP .5 LP .5 LP" }, { "5MP*3", "MP .5 MP .5 MP" },
    { "5LPx2", "LP .5 LP" }, { "s.LPLK", "LP+LK" },
};
/* Guilty Gear Strive */
static const spelling_t strive[] = {
    { "f.S", NULL }, { "2S", "2S" }, { "j.S", "^ S" }, { "j.D", "^ D" }, { "5H", "H" }, { "2H", "2H" },
    { "j.H", "^ H" }, { "6H", "6H" }, { "5P", "P" }, { "5K", "K" }, { "c.S", NULL }, { "5D", "D" }, { "2P", "2P" },
    { "2K", "2K" }, { "2D", "2D" }, { "j.P", "^ P" }, { "j.K", "^ K" }, { "6P", "6P" }, { "4D or 6D", NULL },
    { "4D or 6D (air)", NULL }, { "236D", "236D" }, { "632146H", "632146H" }, { "214K", "214K" },
    { "214S", "214S" }, { "632146S", "632146S" }, { "6K", "6K" }, { "236S", "236S" }, { "214H", "214H" },
    { "236K", "236K" }, { "214P", "214P" }, { "236H", "236H" }, { "236P", "236P" }, { "j.236H", "^ 236H" },
    { "j.236S", "^ 236S" }, { "j.236K", "^ 236K" }, { "623S", "623S" }, { "236236P", "236236P" },
    { "623H", "623H" }, { "236236S", "236236S" }, { "j.236P", "^ 236P" }, { "j.214K", "^ 214K" },
    { "623P", "623P" }, { "j.632146H", "^ 632146H" }, { "236236K", "236236K" }, { "f.SS", NULL },
    { "214K or 4K during Chave", NULL }, { "j.236S (Hold OK)", "^ 236S" }, { "Far S", "S" }, { "d+S", "2S" },
    { "u+S", "8S" }, { "u+D", "8D" }, { "H", "H" }, { "d+H", "2H" }, { "u+H", "8H" }, { "f+H", "6H" },
    { "P", "P" }, { "K", "K" }, { "Close S", "S" }, { "D", "D" }, { "d+P", "2P" }, { "d+K", "2K" },
    { "d+D", "2D" }, { "u+P", "8P" }, { "u+K", "8K" }, { "f+P", "6P" }, { "b or f+D", NULL },
    { "b or f+D (air)", NULL }, { "qcf+D", "236D" }, { "hcb, f+H", "632146H" }, { "qcb+K", "214K" },
    { "f+K", "6K" }, { "qcb+S", "214S" }, { "qcf+S", "236S" }, { "qcb+P", "214P" }, { "qcf+K", "236K" },
    { "hcb, f+S", "632146S" }, { "qcf+H", "236H" }, { "qcb+H", "214H" }, { "qcf+P", "236P" },
    { "qcf+K (air)", "236K" }, { "qcf+S (air)", "236S" }, { "qcf+H (air)", "236H" }, { "qcb+K (air)", "214K" },
    { "f,d,df+S", "623S" }, { "f,d,df+H", "623H" }, { "qcf+P (air)", "236P" }, { "f,d,df+P", "623P" },
    { "hcb, f+H (air)", "632146H" }, { "f,d,df+S (air)", "623S" }, { "qcf, qcf+P", "236236P" },
    { "qcf, qcf+K", "236236K" }, { "Far SS", NULL }, { "f+H > H", "6H .4 H" },
    { "Any direction+D during Weapons Free", NULL },
};
/* The King of Fighters XIII and 2002 */
static const spelling_t king_of_fighters[] = {
    { "A", "A" }, { "B", "B" }, { "C", "C" }, { "D", "D" }, { "2A", "2A" }, { "2B", "2B" }, { "2C", "2C" },
    { "2D", "2D" }, { "cr.B", "2B" }, { "cr.A", "2A" }, { "cl.C", "C" }, { "cl.D", "D" }, { "far D", "D" },
    { "st.B", "B" }, { "st.CD", "C+D" }, { "CD", "C+D" }, { "AB", "A+B" }, { "BC", "B+C" }, { "4AB", "4A+B" },
    { "ABC", "A+B+C" }, { "j.A", "^ A" }, { "j.CD", "^ C+D" }, { "j.C", "^ C" }, { "f+A", "6A" },
    { "f+B", "6B" }, { "df+B", "3B" }, { "df.C", "3C" }, { "b+B", "4B" }, { "d+C", "2C" }, { "j.d+C", "^ 2C" },
    { "qcf+A", "236A" }, { "qcf+C", "236C" }, { "qcf+AC", "236A+C" }, { "qcb+B", "214B" },
    { "qcb+BD", "214B+D" }, { "dp+A", "623A" }, { "dp+C", "623C" }, { "dp+AC", "623A+C" }, { "rdp+B", "421B" },
    { "rdp+D", "421D" }, { "hcf+A", "41236A" }, { "hcb+B", "63214B" }, { "hcb,f+A", "632146A" },
    { "hcb,f+C", "632146C" }, { "qcf,qcf+A", "236236A" }, { "qcf,qcf+BD", "236236B+D" },
    { "qcb,qcb+C", "214214C" }, { "qcfx2+A", "236236A" }, { "qcf x2+AC", "236236A+C" },
    { "qcf,hcb+B", "2363214B" }, { "qcf,hcb+BD", "2363214B+D" }, { "qcb,hcf+C", "2141236C" },
    { "qcb,hcf+AC", "2141236A+C" }, { "hcb,hcb+A", "6321463214A" }, { "b,f+A", "46A" }, { "[b],f+C", "[4]6C" },
    { "[4]6A", "[4]6A" }, { "[2]8B", "[2]8B" }, { "d,d+B", "22B" }, { "f,d,df+C", "623C" }, { "236A", "236A" },
    { "236AC", "236A+C" }, { "2141236C", "2141236C" }, { "2363214BD", "2363214B+D" }, { "632146A", "632146A" },
    { "623C", "623C" }, { "cl.C, f+A", "C .8 6A" }, { "cl.C > f+A > qcf+C", "C .4 6A .4 236C" },
    { "cr.B, cr.A, qcf+A", "2B .8 2A .8 236A" }, { "cl.C(1) > f+B(2) xx hcb+D", "C .4 6B .1 63214D" },
    { "j.C, cl.D xx dp+C", "^ C .8 D .1 623C" }, { "j.CD > qcf+A", "^ C+D .4 236A" }, { "dp A(1)", "623A" },
    { "214A > 214A > 214A", "214A .4 214A .4 214A" }, { "66", "66" }, { "44", "44" }, { "cl.C (close)", "C" },
    { "qcf+A (in air)", "236A" }, { "j.qcb+B", "^ 214B" }, { "tk.qcb+B", "2147B" }, { "DB", NULL },
    { "sj.C", NULL },
};
/* Melty Blood: Type Lumina, Under Night In-Birth */
static const spelling_t melty_blood[] = {
    { "5A", "A" }, { "5B", "B" }, { "5C", "C" }, { "5[C]", "C!" }, { "2A", "2A" }, { "2B", "2B" },
    { "2C", "2C" }, { "3C", "3C" }, { "6C", "6C" }, { "4B", "4B" }, { "jA", "^ A" }, { "jB", "^ B" },
    { "jC", "^ C" }, { "j[C]", "^ C!" }, { "j.[C]", "^ C!" }, { "j.5A", "^ A" }, { "j.2C", "^ 2C" },
    { "j.6C", "^ 6C" }, { "5[B]", "B!" }, { "2[C]", "2C!" }, { "236A", "236A" }, { "236B", "236B" },
    { "236C", "236C" }, { "236[C]", "236C!" }, { "623A", "623A" }, { "623[B]", "623B!" }, { "214A", "214A" },
    { "214[A]", "214A!" }, { "22A", "22A" }, { "22[A]", "22A!" }, { "22C", "22C" }, { "421A", "421A" },
    { "41236C", "41236C" }, { "63214A", "63214A" }, { "[4]6A", "[4]6A" }, { "[2]8C", "[2]8C" },
    { "j236A", "^ 236A" }, { "j.236B", "^ 236B" }, { "j.214C", "^ 214C" }, { "j214[C]", "^ 214C!" },
    { "6BC", "6B+C" }, { "3BC", "3B+C" }, { "2BC", "2B+C" }, { "236B+C", "236B+C" }, { "A+B+C", "A+B+C" },
    { "A+D", "A+D" }, { "D~A", "D .0 A" }, { "D~B+C", "D .0 B+C" }, { "2A~B", "2A .0 B" }, { "44", "44" },
    { "44~44", "44 .0 44" }, { "66", "66" }, { "66C", "66C" }, { "dash C", "66C" },
    { "2A > 2B > 5C", "2A .4 2B .4 C" }, { "5A > 5B > 5C > 236A", "A .4 B .4 C .4 236A" },
    { "2A > 5B > 2C > j.B > j.C", "2A .4 B .4 2C .4 ^ B .4 C" }, { "2C > 9 > j.B", "2C .4 9 .4 B" },
    { "3C > 9 > j.A > j.B > j.C", "3C .4 9 .4 A .4 B .4 C" }, { "5B(1) > 236C", "B .4 236C" },
    { "5C(2) xx 623C", "C .1 623C" }, { "IAD > j.C", "956 .4 C" }, { "tk.236A", "2369A" },
    { "tk 214B", "2147B" }, { "5A x3", "A .5 A .5 A" }, { "2A*2", "2A .5 2A" }, { "22B (hold)", "22B" },
    { "5[C] > ]C[", "C! .4k 5:2" }, { "jA > jB > jC", "^ A .4 B .4 C" }, { "4/6AD", NULL }, { "j9.C", "^9 C" },
    { "632146C", "632146C" }, { "214A~A", "214A .1r A" },
};
/* Tekken 7 */
static const spelling_t tekken[] = {
    { "1", "1" }, { "2", "2" }, { "3", "3" }, { "4", "4" }, { "1+2", "1+2" }, { "3+4", "3+4" },
    { "1+4", "1+4" }, { "1,2", "1 .8 2" }, { "1, 2", "1 .8 2" }, { "1, 2, 3", "1 .8 2 .8 3" },
    { "1, 1", "1 .8 1" }, { "2, 1", "2 .8 1" }, { "1,2,1+2", "1 .8 2 .8 1+2" }, { "4,3", "4 .8 3" },
    { "2, 2", "2 .8 2" }, { "f+1", "6/1" }, { "f+2", "6/2" }, { "f+3", "6/3" }, { "f+4", "6/4" },
    { "d+1", "2/1" }, { "d+2", "2/2" }, { "d+3", "2/3" }, { "d+4", "2/4" }, { "b+1", "4/1" }, { "b+2", "4/2" },
    { "b+4", "4/4" }, { "u+3", "8/3" }, { "d/f+1", "3/1" }, { "d/f+2", "3/2" }, { "d/f+3", "3/3" },
    { "d/f+4", "3/4" }, { "d/b+1", "1/1" }, { "d/b+2", "1/2" }, { "d/b+3", "1/3" }, { "d/b+4", "1/4" },
    { "u/f+3", "9/3" }, { "u/f+4", "9/4" }, { "u/b+4", "7/4" }, { "f+1+2", "6/1+2" }, { "b+1+2", "4/1+2" },
    { "d+3+4", "2/3+4" }, { "d/f+1+2", "3/1+2" }, { "d/b+1+2", "1/1+2" }, { "u/f+3+4", "9/3+4" },
    { "d/f+1, 2", "3/1 .8 2" }, { "f+2, 1", "6/2 .8 1" }, { "b+1, 2", "4/1 .8 2" },
    { "f+2, 1, 2", "6/2 .8 1 .8 2" }, { "d/b+4, 4", "1/4 .8 4" }, { "f, F+2", "66/2" }, { "f, F+3", "66/3" },
    { "f,F+4", "66/4" }, { "f,f", "66" }, { "f, f, f+3", "666/3" }, { "b,b", "44" },
    { "f,n,d,df+2", "6523/2" }, { "f,n,d,d/f+1", "6523/1" }, { "f,d,df+2", "623/2" }, { "qcf+1", "236/1" },
    { "qcf+2", "236/2" }, { "qcb+3", "214/3" }, { "qcf+1+2", "236/1+2" }, { "hcb+4", "63214/4" },
    { "hcf+1", "41236/1" }, { "df+1", "3/1" }, { "df+4", "3/4" }, { "db+4", "1/4" }, { "uf+4", "9/4" },
    { "ff+2", "66/2" }, { "1~2", "1 .0 2" }, { "3~4", "3 .0 4" }, { "d+1+2", "2/1+2" },
    { "d/f+1 (CH)", "3/1" }, { "f+4 (close)", "6/4" }, { "WS+1", NULL }, { "WS+2", NULL }, { "FC+1", NULL },
    { "BT 4", NULL }, { "SS+2", NULL }, { "BT 1 or 2", NULL }, { "df1", NULL },
};
/* Mortal Kombat II to XL, with the names of a preset */
static const spelling_t mortal_kombat[] = {
    { "LP", "LP" }, { "RP", "RP" }, { "LK", "LK" }, { "BL", "BL" }, { "f+LP", "6LP" }, { "d+RP", "2RP" },
    { "b+RK", "4RK" }, { "d+LK", "2LK" }, { "F+RP", "6RP" }, { "B+LK", "4LK" }, { "LP,LP", "LP .8 LP" },
    { "LP, LP, RP", "LP .8 LP .8 RP" }, { "f+RP, LP", "6RP .8 LP" }, { "b+LP, RP", "4LP .8 RP" },
    { "b,b+LP", "44LP" }, { "b,f+LP", "46LP" }, { "f,b+RP", "64RP" }, { "d,f+LP", "26LP" },
    { "d,b+RK", "24RK" }, { "d,u+LK", "28LK" }, { "f,f+LK", "66LK" }, { "d,d+RP", "22RP" },
    { "b,f+LP+BL", "46LP+BL" }, { "d,b+LP+RP", "24LP+RP" }, { "LP+LK", "LP+LK" }, { "RP+RK", "RP+RK" },
    { "ff", "66" }, { "bb", "44" }, { "nj.LP", "^ LP" }, { "j.LK", "^ LK" }, { "j9.RK", "^9 RK" },
    { "Back, Forward, LP", "46 .8 LP" }, { "Down, Forward + RP", "26RP" }, { "back,forward+RP", "46RP" },
    { "[LK]{60}", "LK:60" }, { "hold BL", "BL!" }, { "d,f,LP", "26 .8 LP" }, { "f,d,f+RK", "626RK" },
    { "f,f,d+LP", "662LP" }, { "D,B+LP", "24LP" }, { "46LP", "46LP" }, { "24RK", "24RK" },
    { "b,d,f+LK", "426LK" }, { "LP+RP (air)", "LP+RP" }, { "d,b,f+RP (close)", "246RP" }, { "u+BL", "8BL" },
    { "LP xx b,f+RP", "LP .1 46RP" }, { "b+RP > d,b+LP", "4RP .4 24LP" },
};
/* Fantasy Strike */
static const spelling_t fantasy_strike[] = {
    { "A", "A" }, { "B", "B" }, { "C", "C" }, { "S", "S" }, { "T", "T" }, { "f+A", "6A" }, { "b+A", "4A" },
    { "d+B", "2B" }, { "j.A", "^ A" }, { "j.B", "^ B" }, { "j.S", "^ S" }, { "6A", "6A" }, { "4A", "4A" },
    { "5A", "A" }, { "8B", "8B" }, { "A > B", "A .4 B" }, { "A, A", "A .8 A" }, { "j.A > A", "^ A .4 A" },
    { "A xx C", "A .1 C" }, { "[C]", "C!" }, { "hold B", "B!" }, { "A+B", "A+B" }, { "A x3", "A .5 A .5 A" },
    { "j9.B", "^9 B" }, { "j7.C", "^7 C" }, { "f+T", "6T" }, { "b+T", "4T" }, { "C (ground)", "C" },
    { "B (air)", "B" }, { "j.B, A > C", "^ B .8 A .4 C" },
};
/* clang-format on */

#endif
