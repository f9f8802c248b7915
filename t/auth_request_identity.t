# A portal with a login of its own: who asks is known after auth_request. Until then
# all that is protected is set aside; then she gets back what she has granted, and
# nobody's grants but her own count.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;

my $up = $t->upstream({ body => 'seen' });

my $login = $t->upstream(sub {
    my ($r) = @_;
    my ($who) = ($r->header('Cookie') // '') =~ /JSESSIONID=(\w+)/;

    return { headers => ['X-User', $who // ''], body => '' };
}, port => 2);

$t->keys;
$t->policy;

$t->run(<<'EOF', level => 'notice');
    %%CONSENT%%

    map $login_user $person { default $login_user; "" ""; }
    map $arg_pnr $mapped { default "got $arg_pnr"; "" none; }

    server {
        listen 127.0.0.1:%%PORT_0%%;

        auth_request /login;
        auth_request_set $login_user $upstream_http_x_user;
        consent_identity subject=$person issuer=portal;
        consent on;

        location / {
            proxy_set_header X-Mapped $mapped;
            proxy_set_header X-Arg $arg_pnr;
            proxy_set_header X-Person $person;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /set/ {
            set $early $arg_pnr;
            proxy_pass http://127.0.0.1:%%PORT_1%%/set?early=$early&late=$arg_pnr;
        }

        location /rewritten/ {
            rewrite ^ /landed?a=1 break;
            proxy_pass http://127.0.0.1:%%PORT_1%%;
        }

        location /body/ { proxy_pass http://127.0.0.1:%%PORT_1%%; }
        location /require/ { consent_require forms; proxy_pass http://127.0.0.1:%%PORT_1%%; }

        location = /login {
            internal;
            auth_request off;
            proxy_pass_request_body off;
            proxy_set_header Content-Length "";
            proxy_set_header X-Original-URI $request_uri;
            proxy_pass http://127.0.0.1:%%PORT_2%%;
        }

        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';
my @json = ('Accept', 'application/json');

sub ask {
    my ($who, $path, %o) = @_;

    my $cookie = join '; ', 'a=1', "pnr=$secret", 'b=2', $who ? "JSESSIONID=$who" : (), $o{cookie} // ();

    return $t->get($path, cookie => $cookie,
        headers => ['X-A', 1, 'X-Personnummer', $secret, 'X-B', 2, 'Referer', "/x?pnr=$secret&y=1", @json]);
}

# nobody, and somebody who has decided nothing

for my $who (undef, 'anna') {
    ask($who, "/x?a=1&pnr=$secret&b=2");
    my $r = $up->last;
    unlike($r->raw, qr/$secret/, ($who // 'nobody') . ': nothing arrives');
    is($r->uri, '/x?a=1&b=2', 'all else does');
    is($r->header('Cookie'), join('; ', 'a=1', 'b=2', $who ? "JSESSIONID=$who" : ()), 'cookies as well');
    is($r->header('X-Mapped'), 'none', 'and a map tells nothing');
    is($r->header('Consent-Level'), 'needed', 'at the most private level');
}

unlike($_->raw, qr/$secret/, 'nor does the login see it') for $login->requests;
is($login->last->header('X-Original-URI'), '/x?a=1&b=2', 'but the rest');

# she decides

my $cookie = $t->decide(level => 'forms', cookie => 'JSESSIONID=anna');

my $r = ask('anna', "/x?a=1&pnr=$secret&b=2", cookie => $cookie);
my $got = $up->last;
is($r->status, 200, 'she is logged in and has granted it');
is($got->uri, "/x?a=1&pnr=$secret&b=2", 'the URI is as it came');
is($got->header('Cookie'), "a=1; pnr=$secret; b=2; JSESSIONID=anna", 'the cookies too, without ours');
is($got->header('X-Personnummer'), $secret, 'the header');
is($got->header('Referer'), "/x?pnr=$secret&y=1", 'Referer');
is($got->header('X-Arg'), $secret, 'a variable');
is($got->header('X-Mapped'), "got $secret", 'and what a map makes of it');
is($got->header('X-Person'), 'anna', 'what the login has set stays');
is($got->header('Consent-Level'), 'forms', 'her level');
unlike($login->last->raw, qr/$secret/, 'the login still sees nothing');

ask('anna', "/x?pnr=$secret&plats=here", cookie => $cookie);
is($up->last->uri, "/x?pnr=$secret", 'what she has not granted stays out');

# what the location has read before stays as it was read

ask('anna', "/set/?pnr=$secret", cookie => $cookie);
is($up->last->uri, "/set?early=&late=$secret", 'what set has read was private');

ask('anna', "/rewritten/?pnr=$secret", cookie => $cookie);
is($up->last->uri, '/landed?a=1', 'arguments that the location has made are left alone');

is(ask('anna', '/require/', cookie => $cookie)->status, 200, 'what needs it opens');
is(ask('bertil', '/require/', cookie => $cookie)->status, 403, 'for nobody else');
is(ask(undef, '/require/', cookie => $cookie)->status, 403, 'her cookie without her login opens nothing');

ask('bertil', "/x?pnr=$secret", cookie => $cookie);
unlike($up->last->raw, qr/$secret/, 'another person does not inherit it');
ask(undef, "/x?pnr=$secret", cookie => $cookie);
unlike($up->last->raw, qr/$secret/, 'nor does the device, logged out');

# on another device

ask('anna', "/x?pnr=$secret");
is($up->last->uri, "/x?pnr=$secret", 'her choice is hers on every device');

# a device's own choice is not the person's

my $device = $t->decide(level => 'forms');
ask('cecilia', "/x?pnr=$secret", cookie => $device);
unlike($up->last->raw, qr/$secret/, 'what a device has granted is not granted by who logs in');
ask(undef, "/x?pnr=$secret", cookie => $device);
is($up->last->uri, "/x?pnr=$secret", 'but it is by the device');
unlike($login->last->raw, qr/$secret/, 'only the login does not see it');

# bodies

my $all = $t->decide(categories => ['contact', 'identity', 'location', 'health'], cookie => 'JSESSIONID=david');
is($t->request('POST', '/body/', cookie => 'JSESSIONID=david', body => "pnr=$secret")->status, 200, 'a body passes');
is($up->last->body, "pnr=$secret", 'byte for byte');
is($t->request('POST', '/body/', cookie => 'JSESSIONID=anna', body => "pnr=$secret", headers => [@json])->status, 415,
    'or is refused');

# a path, which cannot be set aside, is judged when it is known

is($t->get("/person/$secret", cookie => 'JSESSIONID=anna')->status, 200, 'granted, a path passes');
is($t->get("/person/$secret", cookie => 'JSESSIONID=bertil', headers => [@json])->status, 403, 'not granted, it does not');

unlike($t->error_log, qr/using uninitialized|\[(?:warn|error)\]/, 'the log is silent');

done_testing();
