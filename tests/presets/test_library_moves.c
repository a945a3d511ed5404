/* test_library_moves.c - what the library's moves do with the pad is what they did before the
 * notation learned words: each row was printed by the parser of commit 8f09806. A preset whose
 * buttons or timing change makes its rows fail: print them anew with the parser before that
 * change. */
#include "preset.h"
#include "store.h"
#include "why.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct {
    const char *notation; /* canonical; NULL: the next game, whose name is `game` */
    int32_t num_frames;
    uint32_t digest; /* FNV-1a of 64 bits over the pad words, low byte first, folded to 32 */
    const char *game;
} row_t;

/* clang-format off */
static const row_t rows[] = {
    { NULL, 0, 0, "Breakout" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "FIRE{3};5{1}", 4, 0x728E101F, NULL }, { "4{12}", 12, 0x2808E33D, NULL }, { "6{12}", 12, 0x38E75A24, NULL },
    { "4{24}", 24, 0x79757391, NULL }, { "6{24}", 24, 0x3F08B5CF, NULL }, { "4{2} {2}", 4, 0xED4C9775, NULL },
    { "6{2} {2}", 4, 0xE9FFF0EB, NULL }, { "{16}", 16, 0x4108E5DD, NULL }, { "FIRE{3} {13}", 16, 0xA0C2A8AC, NULL },
    { "{60}", 60, 0xB15D8A5F, NULL }, { "RESET{3} {30}", 33, 0x24A3AE1C, NULL },
    { "FIRE{3} {10}", 13, 0x8A6BA681, NULL },
    { NULL, 0, 0, "Alleyway" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "4A{4}", 4, 0x839A6D11, NULL }, { "6A{4}", 4, 0xAA0A58E0, NULL }, { "4B{4}", 4, 0xD16E4112, NULL },
    { "6B{4}", 4, 0x86DAC550, NULL }, { "4{12}", 12, 0x2808E33D, NULL }, { "6{12}", 12, 0x38E75A24, NULL },
    { "4A{20}", 20, 0xB036DF84, NULL }, { "6A{20}", 20, 0x66532B4F, NULL }, { "4B{4} {2}", 6, 0x7BB77C19, NULL },
    { "6B{4} {2}", 6, 0xA61B851C, NULL }, { "{16}", 16, 0x4108E5DD, NULL }, { "A{3} {10}", 13, 0x4FB3DE4A, NULL },
    { "{300}", 300, 0xE5BB48C4, NULL }, { "START{3} {60}", 63, 0x79F08643, NULL }, { "{120}", 120, 0x72D50155, NULL },
    { NULL, 0, 0, "Airstriker" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "B{3};5{1}", 4, 0x728E101F, NULL }, { "4B{3};4{1}", 4, 0xD16AC42B, NULL },
    { "6B{3};6{1}", 4, 0x86EACA69, NULL }, { "B*5", 27, 0xA0395465, NULL }, { "4{16}", 16, 0x4492216E, NULL },
    { "6{16}", 16, 0x21AB59B2, NULL }, { "4{10};4B{3}", 13, 0x9BC2850C, NULL },
    { "6{10};6B{3}", 13, 0x0A3C67AB, NULL }, { "(4B{3};4{3})*4", 24, 0x30436E2A, NULL },
    { "(6B{3};6{3})*4", 24, 0x6241AB29, NULL }, { "4{8};6{8}", 16, 0xFAFC84E5, NULL },
    { "{240}", 240, 0x818C1C65, NULL }, { "START{3} {30}", 33, 0x24A3AE1C, NULL }, { "{60}", 60, 0xB15D8A5F, NULL },
    { NULL, 0, 0, "Columns" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "A{3};5{1}", 4, 0x6306AF58, NULL }, { "2{40}", 40, 0x3353F082, NULL },
    { "44", 9, 0x862BE201, NULL }, { "66", 9, 0x03C01CB9, NULL }, { "A*2", 7, 0x442253B9, NULL },
    { "4{30}", 30, 0x9D72AD57, NULL }, { "6{30}", 30, 0x897FA1E9, NULL }, { "4{30};2{40}", 70, 0xF47EFA45, NULL },
    { "6{30};2{40}", 70, 0x4994D59B, NULL }, { "{600}", 600, 0x5B69327F, NULL },
    { "START{3} {60}", 63, 0x79F08643, NULL }, { "{60}", 60, 0xB15D8A5F, NULL },
    { NULL, 0, 0, "Fatal Fury" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "1{4}", 4, 0x2E339E89, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL },
    { "9{4}", 4, 0xD19DBD8D, NULL }, { "7{4}", 4, 0x8A811832, NULL }, { "A{3};5{1}", 4, 0x6306AF58, NULL },
    { "B{3};5{1}", 4, 0x728E101F, NULL }, { "C{3};5{1}", 4, 0xA9D73670, NULL }, { "2A{3};2{1}", 4, 0x2AC91681, NULL },
    { "2B{3};2{1}", 4, 0x0BDD2793, NULL }, { "236A", 9, 0xD91AEF9A, NULL }, { "214A", 9, 0x00BC3A91, NULL },
    { "1{3}7{3}B", 9, 0x0130E68F, NULL }, { "[2]8A", 63, 0x51EB8584, NULL }, { "236B", 9, 0x7C1D5E23, NULL },
    { "214B", 9, 0x16352E02, NULL }, { "[4]6A", 63, 0x6CF35432, NULL }, { "[4]6B", 63, 0xA0CC77FB, NULL },
    { "j9.B", 27, 0x70110F6D, NULL }, { "A*6", 33, 0x2E9EB7FD, NULL }, { "{600}", 600, 0x5B69327F, NULL },
    { "START{3} {60}", 63, 0x79F08643, NULL }, { "{120}", 120, 0x72D50155, NULL },
    { NULL, 0, 0, "Mortal Kombat II" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL }, { "9{4}", 4, 0xD19DBD8D, NULL },
    { "7{4}", 4, 0x8A811832, NULL }, { "BL{4}", 4, 0x72859326, NULL }, { "2BL{4}", 4, 0x0BD2E0AA, NULL },
    { "HP{3};5{1}", 4, 0x61FB378B, NULL }, { "LP{3};5{1}", 4, 0x6306AF58, NULL },
    { "HK{3};5{1}", 4, 0x54B170F6, NULL }, { "LK{3};5{1}", 4, 0xA9D73670, NULL },
    { "2HP{3};2{1}", 4, 0xBCE35DC0, NULL }, { "4LK{3};4{1}", 4, 0x839A6AE6, NULL },
    { "4HK{3};4{1}", 4, 0xF937B162, NULL }, { "66HP", 9, 0x96C674C1, NULL }, { "66LP", 9, 0x12F029F0, NULL },
    { "66HK", 9, 0x77A860B3, NULL }, { "[LK]{190}~]LK[", 193, 0x1A9E1B78, NULL }, { "26LP", 6, 0xB0AEF082, NULL },
    { "24LK", 6, 0x60836F8E, NULL }, { "4BL+LK+LP", 3, 0x7477DF81, NULL }, { "44LP", 9, 0x561E3163, NULL },
    { "24HP", 6, 0x0E2A7CCD, NULL }, { "j9.HK", 27, 0x1C398AE2, NULL }, { "6LP;6{2}", 5, 0xA563BBD8, NULL },
    { "{600}", 600, 0x5B69327F, NULL }, { "START{3} {60}", 63, 0x79F08643, NULL }, { "{120}", 120, 0x72D50155, NULL },
    { NULL, 0, 0, "Street Fighter II' Special Champion Edition" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "1{4}", 4, 0x2E339E89, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL },
    { "9{4}", 4, 0xD19DBD8D, NULL }, { "7{4}", 4, 0x8A811832, NULL }, { "LP{3};5{1}", 4, 0x61FB378B, NULL },
    { "MP{3};5{1}", 4, 0x536CBA0D, NULL }, { "HP{3};5{1}", 4, 0x54B170F6, NULL },
    { "LK{3};5{1}", 4, 0x6306AF58, NULL }, { "MK{3};5{1}", 4, 0x728E101F, NULL },
    { "HK{3};5{1}", 4, 0xA9D73670, NULL }, { "2MK{3};2{1}", 4, 0x0BDD2793, NULL },
    { "2HK{3};2{1}", 4, 0x7CC51761, NULL }, { "236LP", 9, 0x616B14D7, NULL }, { "236HP", 9, 0xBC5E6089, NULL },
    { "236LK", 9, 0xD91AEF9A, NULL }, { "236HK", 9, 0xFE4DF814, NULL }, { "623LP", 9, 0x294AA00E, NULL },
    { "623HP", 9, 0x8DDAD8DE, NULL }, { "214LK", 9, 0x00BC3A91, NULL }, { "214HK", 9, 0xFCBB1C9C, NULL },
    { "[4]6LP", 68, 0x9E0274C4, NULL }, { "[4]6HP", 68, 0x3911DCFF, NULL }, { "[4]6LK", 68, 0xA8EB9554, NULL },
    { "[4]6HK", 68, 0xF6594BE9, NULL }, { "[2]8LK", 68, 0x0267913A, NULL }, { "[2]8HK", 68, 0xE84ECEA7, NULL },
    { "2369LK", 12, 0x4C0EBC2D, NULL }, { "2369HK", 12, 0xA3ED64B0, NULL }, { "HP*6", 33, 0xD4346F8B, NULL },
    { "HK*6", 33, 0x8AE09EBE, NULL }, { "360HP", 21, 0xC0CC7EBC, NULL }, { "PPP", 3, 0x50740614, NULL },
    { "KKK", 3, 0x862E93AE, NULL }, { "44", 9, 0x862BE201, NULL }, { "41236HP", 15, 0x02C8739B, NULL },
    { "63214HP", 15, 0x1BE81407, NULL }, { "[PPP]{90}~]PPP[", 93, 0xC770C414, NULL },
    { "[KKK]{90}~]KKK[", 93, 0x929BA5E9, NULL }, { "6HP;6{2}", 5, 0x71D6A844, NULL },
    { "4HP;4{2}", 5, 0xCDA9FA47, NULL }, { "j9.HK", 29, 0xC5B59F40, NULL }, { "2MKxx236HP", 13, 0x1A0A7F8C, NULL },
    { "{240}", 240, 0x818C1C65, NULL }, { "START{3} {40}", 43, 0xEC9F3CAB, NULL }, { "{120}", 120, 0x72D50155, NULL },
    { "START{3} {90}", 93, 0x2726DBD4, NULL }, { "2{3} {20}", 23, 0xC786CD22, NULL },
    { NULL, 0, 0, "Arkanoid" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "4{12}", 12, 0x2808E33D, NULL }, { "6{12}", 12, 0x38E75A24, NULL },
    { "4{28}", 28, 0xD0B3624B, NULL }, { "6{28}", 28, 0x3584A9F9, NULL }, { "4{2} {2}", 4, 0xED4C9775, NULL },
    { "6{2} {2}", 4, 0xE9FFF0EB, NULL }, { "A*4", 21, 0xB8E890C9, NULL }, { "{16}", 16, 0x4108E5DD, NULL },
    { "{180}", 180, 0xE508CEDE, NULL }, { "START{3} {60}", 63, 0x79F08643, NULL }, { "{240}", 240, 0x818C1C65, NULL },
    { "A{3} {10}", 13, 0x4FB3DE4A, NULL },
    { NULL, 0, 0, "Galaga - Demons of Death" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "4A{3};4{1}", 4, 0x839A6AE6, NULL },
    { "6A{3};6{1}", 4, 0xAA0A5917, NULL }, { "A*2", 9, 0x09987B0B, NULL }, { "4{14}", 14, 0x653AE2CA, NULL },
    { "6{14}", 14, 0x6226F4EC, NULL }, { "4{10};4A{3}", 13, 0x7C1C4592, NULL },
    { "6{10};6A{3}", 13, 0x59186ECF, NULL }, { "(4A{3};4{5})*4", 32, 0x63CDFF43, NULL },
    { "(6A{3};6{5})*4", 32, 0x341A94FE, NULL }, { "4{8};6{8}", 16, 0xFAFC84E5, NULL },
    { "{180}", 180, 0xE508CEDE, NULL }, { "START{3} {60}", 63, 0x79F08643, NULL },
    { NULL, 0, 0, "Gradius" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL }, { "2{4}", 4, 0x9F5C53A6, NULL },
    { "4{4}", 4, 0x5FB824DF, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "B{3};5{1}", 4, 0x728E101F, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "8B{3};8{1}", 4, 0x0BCFB976, NULL },
    { "2B{3};2{1}", 4, 0x0BDD2793, NULL }, { "B*5", 27, 0xA0395465, NULL },
    { "(8B{3};8{3})*4", 24, 0x28D34544, NULL }, { "(2B{3};2{3})*4", 24, 0xD34A846C, NULL },
    { "8{14}", 14, 0x43DFC0F4, NULL }, { "2{14}", 14, 0xAB8E4011, NULL }, { "4{20}", 20, 0x22BDD751, NULL },
    { "(6B{3};6{3})*4", 24, 0x6241AB29, NULL }, { "8{8};2{8}", 16, 0x09B21A86, NULL },
    { "{240}", 240, 0x818C1C65, NULL }, { "START{3} {60}", 63, 0x79F08643, NULL },
    { NULL, 0, 0, "Kumite SAYA" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "1{4}", 4, 0x2E339E89, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL },
    { "9{4}", 4, 0xD19DBD8D, NULL }, { "7{4}", 4, 0x8A811832, NULL }, { "B{3};5{1}", 4, 0x728E101F, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "2B{3};2{1}", 4, 0x0BDD2793, NULL },
    { "2A{3};2{1}", 4, 0x7CC51761, NULL }, { "623B", 6, 0x845450B1, NULL }, { "623A", 6, 0xC25A0A78, NULL },
    { "214B", 6, 0x8394BBF2, NULL }, { "214A", 6, 0x4AF39A7A, NULL }, { "[4]6A", 43, 0x7BE7D0F1, NULL },
    { "[2]8A", 43, 0xC6CF2877, NULL }, { "6A;6{2}", 4, 0x9E59D7F8, NULL }, { "4A;4{2}", 4, 0x8D764F89, NULL },
    { "j9.A", 25, 0xDE7CCA2F, NULL }, { "j9.B", 25, 0xE813B9B4, NULL }, { "2B>623A", 12, 0x41847049, NULL },
    { "2B>1{16}", 22, 0x108177A1, NULL }, { "{20}", 20, 0xB020C249, NULL }, { "8{3} {3}", 6, 0xCB5C4313, NULL },
    { "6{3} {3}", 6, 0x7FCEAF56, NULL }, { "START{3} {3}", 6, 0xDEFE832C, NULL }, { "2{3} {3}", 6, 0x2E262F68, NULL },
    { NULL, 0, 0, "Kumite TORA" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "1{4}", 4, 0x2E339E89, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL },
    { "9{4}", 4, 0xD19DBD8D, NULL }, { "7{4}", 4, 0x8A811832, NULL }, { "B{3};5{1}", 4, 0x728E101F, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "2B{3};2{1}", 4, 0x0BDD2793, NULL },
    { "2A{3};2{1}", 4, 0x7CC51761, NULL }, { "236B", 6, 0xA6EB2D66, NULL }, { "236A", 6, 0x59ECDACE, NULL },
    { "214B", 6, 0x8394BBF2, NULL }, { "214A", 6, 0x4AF39A7A, NULL }, { "[4]6A", 43, 0x7BE7D0F1, NULL },
    { "[2]8A", 43, 0xC6CF2877, NULL }, { "6A;6{2}", 4, 0x9E59D7F8, NULL }, { "4A;4{2}", 4, 0x8D764F89, NULL },
    { "j9.A", 25, 0xDE7CCA2F, NULL }, { "j9.B", 25, 0xE813B9B4, NULL }, { "2B>236B", 12, 0x7BBE6453, NULL },
    { "2B>1{16}", 22, 0x108177A1, NULL }, { "{20}", 20, 0xB020C249, NULL }, { "8{3} {3}", 6, 0xCB5C4313, NULL },
    { "6{3} {3}", 6, 0x7FCEAF56, NULL }, { "START{3} {3}", 6, 0xDEFE832C, NULL }, { "2{3} {3}", 6, 0x2E262F68, NULL },
    { NULL, 0, 0, "Kumite" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "1{4}", 4, 0x2E339E89, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL },
    { "9{4}", 4, 0xD19DBD8D, NULL }, { "7{4}", 4, 0x8A811832, NULL }, { "B{3};5{1}", 4, 0x728E101F, NULL },
    { "A{3};5{1}", 4, 0xA9D73670, NULL }, { "2B{3};2{1}", 4, 0x0BDD2793, NULL },
    { "2A{3};2{1}", 4, 0x7CC51761, NULL }, { "236B", 6, 0xA6EB2D66, NULL }, { "236A", 6, 0x59ECDACE, NULL },
    { "623B", 6, 0x845450B1, NULL }, { "623A", 6, 0xC25A0A78, NULL }, { "[4]6A", 43, 0x7BE7D0F1, NULL },
    { "6A;6{2}", 4, 0x9E59D7F8, NULL }, { "4A;4{2}", 4, 0x8D764F89, NULL }, { "j9.A", 25, 0xDE7CCA2F, NULL },
    { "j9.B", 25, 0xE813B9B4, NULL }, { "2B>236B", 12, 0x7BBE6453, NULL }, { "2B>623A", 12, 0x41847049, NULL },
    { "2B>1{16}", 22, 0x108177A1, NULL }, { "{20}", 20, 0xB020C249, NULL }, { "START{3} {3}", 6, 0xDEFE832C, NULL },
    { "6{3} {3}", 6, 0x7FCEAF56, NULL }, { "2{3} {3}", 6, 0x2E262F68, NULL },
    { NULL, 0, 0, "Super Mario Bros." },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "A{4}", 4, 0xA9D73187, NULL }, { "6B{4}", 4, 0x86DAC550, NULL },
    { "4B{4}", 4, 0xD16E4112, NULL }, { "6A{4}", 4, 0xAA0A58E0, NULL }, { "6A+B{4}", 4, 0x147622CB, NULL },
    { "4A{4}", 4, 0x839A6D11, NULL }, { "6B{4};6A+B{8};6B{6}", 18, 0xBFC76A6C, NULL },
    { "6B{4};6A+B{32};6B{4}", 40, 0x89A6178C, NULL }, { "6B{20};6A+B{32};6B{4}", 56, 0x40DFF886, NULL },
    { "A{32} {4}", 36, 0x19E6667C, NULL }, { "4B{12};6B{12};6A+B{32}", 56, 0x948BBFAF, NULL },
    { "(B{4} {4})*2", 16, 0x953ED120, NULL }, { "6B{32}", 32, 0xACB2EBDF, NULL }, { "2{32}", 32, 0xDA56297B, NULL },
    { "{120}", 120, 0x72D50155, NULL }, { "START{3} {30}", 33, 0x24A3AE1C, NULL }, { "{30}", 30, 0x374F9493, NULL },
    { NULL, 0, 0, "Sonic The Hedgehog" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "B{4}", 4, 0x72859326, NULL }, { "6B{4}", 4, 0x86DAC550, NULL },
    { "4B{4}", 4, 0xD16E4112, NULL }, { "6{40}", 40, 0x1FC5D96C, NULL },
    { "6{24};6B{20};6{8}", 52, 0xF37DB417, NULL }, { "6B{28};6{4}", 32, 0x922B4769, NULL },
    { "6B{6};6{10}", 16, 0x1576B0EE, NULL }, { "6{24};3{16}", 40, 0xBD991F9E, NULL },
    { "4{16};6{20};6B{20}", 56, 0xC953ED58, NULL }, { "B{24} {4}", 28, 0xF6187644, NULL },
    { "4{12};4B{20}", 32, 0xD04DAB04, NULL }, { "{400}", 400, 0xF3600D4F, NULL },
    { "B{3} {60}", 63, 0xFFAE7BE3, NULL }, { "{240}", 240, 0x818C1C65, NULL },
    { NULL, 0, 0, "Super Mario World" },
    { "5{4}", 4, 0x80DDC1F7, NULL }, { "6{4}", 4, 0x0E061BC6, NULL }, { "4{4}", 4, 0x5FB824DF, NULL },
    { "2{4}", 4, 0x9F5C53A6, NULL }, { "8{4}", 4, 0x5B5D24CB, NULL }, { "B{4}", 4, 0x72859326, NULL },
    { "A{4}", 4, 0xA9D73187, NULL }, { "6Y{4}", 4, 0xD7DD84B7, NULL }, { "4Y{4}", 4, 0xC9E3E905, NULL },
    { "6B+Y{4}", 4, 0x8B812F5F, NULL }, { "4B+Y{4}", 4, 0x68347617, NULL },
    { "6Y{4};6B+Y{8};6Y{6}", 18, 0x996B4FA6, NULL }, { "6Y{4};6B+Y{32};6Y{4}", 40, 0xBB5480FF, NULL },
    { "6Y{24};6B+Y{32};6Y{4}", 60, 0x2EA83921, NULL }, { "6Y{4};6A+Y{28};6Y{4}", 36, 0x1DD1081D, NULL },
    { "B{32} {4}", 36, 0xB69CB839, NULL }, { "4Y{12};6Y{12};6B+Y{32}", 56, 0xD92A4856, NULL },
    { "6Y{40}", 40, 0x0F0AFB02, NULL }, { "2{32}", 32, 0xDA56297B, NULL }, { "{400}", 400, 0xF3600D4F, NULL },
    { "START{3} {60}", 63, 0x79F08643, NULL }, { "{120}", 120, 0x72D50155, NULL },
    { "A{3} {60}", 63, 0xC6590A41, NULL },
};
/* clang-format on */

typedef struct {
    int32_t num_compared;
} seen_t;

static uint32_t digest_of(const macro_t *macro)
{
    uint64_t digest = UINT64_C(0xCBF29CE484222325);
    for (int32_t f = 0; f < macro->num_frames; f++) {
        const uint16_t pad = macro_pad_at(macro, f, false);
        digest = (digest ^ (pad & 0xFF)) * UINT64_C(0x100000001B3);
        digest = (digest ^ (pad >> 8)) * UINT64_C(0x100000001B3);
    }
    return (uint32_t)(digest ^ digest >> 32);
}

static bool look_at(void *context, const char *path, preset_t *preset, const char *why)
{
    seen_t *seen = context;
    bool is_game = false;
    if (!preset) fail_msg("%s: %s", path, why);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        macro_t macro;
        why_t cause = "";
        if (!rows[r].notation) is_game = strcmp(rows[r].game, preset_game(preset)) == 0;
        if (!rows[r].notation || !is_game) continue;
        if (!macro_parse(&macro, rows[r].notation, preset_language(preset), cause))
            fail_msg("%s: %s: %s", path, rows[r].notation, cause);
        if (strcmp(macro.notation, rows[r].notation) != 0)
            fail_msg("%s: %s is spelled %s", path, rows[r].notation, macro.notation);
        if (macro.num_frames != rows[r].num_frames || digest_of(&macro) != rows[r].digest)
            fail_msg("%s: %s: %d frames, digest 0x%08X", path, rows[r].notation,
                     (int)macro.num_frames, (unsigned)digest_of(&macro));
        seen->num_compared++;
    }
    return true;
}

static void test_moves_of_the_library_are_pressed_as_before(void **state)
{
    (void)state;
    seen_t seen = { 0 };
    preset_walk("presets/library", look_at, &seen);
    print_message("%d moves of the library are pressed as before\n", (int)seen.num_compared);
    assert_int_equal(seen.num_compared, 372);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_of_the_library_are_pressed_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
