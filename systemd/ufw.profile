[Bedrud]
title=Bedrud video meetings
description=Page, API, signalling and TURN (443), redirection and certificates (80), media (7881, 7882) and STUN/TURN (3478)
ports=80,443,7881/tcp|7882,3478/udp
