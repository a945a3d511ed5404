#!/bin/sh
# embed_cl.sh FOLDER - FOLDER's card_args.h and .cl files as C strings (card_kernel_texts.h), on stdout.
set -eu
echo '#include "card_kernel_texts.h"'
for file in card_args.h noise.cl weights.cl heads.cl pictures.cl residual.cl product.cl; do
    case $file in card_args.h) name=card_args_text ;; *) name=${file%.cl}_cl_text ;; esac
    echo "const char $name[] = {"
    od -An -v -td1 "$1/$file" | sed 's/\(-\{0,1\}[0-9]\{1,\}\)/\1,/g'
    echo '0};'
done
