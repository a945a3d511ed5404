/* noise.cl - counted_noise.h on the card: an item makes the four numbers of one block. */

float4 card_noise_uniform(uint4 words)
{
    return (convert_float4(words >> 9) + 0.5f) * 0x1.0p-23f;
}

float card_signed_root(float x)
{
    return copysign(sqrt(fabs(x)), x);
}

kernel void draw_noise(global float *pool, global const uchar *pixels, global const int *tables,
                       const noise_args_t args)
{
    const int block = get_global_id(0), network = get_global_id(1);
    if (4 * block >= args.count) return;
    uint4 w = (uint4)(block, network, args.update[0], args.update[1]);
    uint k0 = args.key[0], k1 = args.key[1];
    for (int round = 0; round < 10; round++) {
        const uint a = 0xD2511F53u * w.x, a_high = mul_hi(0xD2511F53u, w.x);
        const uint b = 0xCD9E8D57u * w.z, b_high = mul_hi(0xCD9E8D57u, w.z);
        w = (uint4)(b_high ^ w.y ^ k0, b, a_high ^ w.w ^ k1, a);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    const float4 u = card_noise_uniform(w);
    const float first = sqrt(-2 * log(u.x)), second = sqrt(-2 * log(u.z));
    const float made[4] = { first * cospi(2 * u.y), first * sinpi(2 * u.y),
                            second * cospi(2 * u.w), second * sinpi(2 * u.w) };
    global float *to = pool + args.noise[network] + 4 * block;
    for (int i = 0; i < 4 && 4 * block + i < args.count; i++) to[i] = card_signed_root(made[i]);
}
