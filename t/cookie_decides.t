# A decision just taken on one node is in force on another at once, by the cookie alone: higher only for ten minutes, and
# not against what she has decided since.

use lib 't/lib';
use Consent::Test;

use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(decode_base64url encode_base64url);

my ($here, $there) = map { Consent::Test->new } 1, 2;
my %up = map { ($_ => $_->upstream({ body => 'ok' })) } $here, $there;

my $keys = $here->keys;
$there->keys(with => $keys, name => 'test.example/other');

for ($here, $there) {
    $_->policy;
    $_->run(<<'EOT');
        %%CONSENT%%

        server {
            listen 127.0.0.1:%%PORT_0%%;
            consent on;
            location / { proxy_pass http://127.0.0.1:%%PORT_1%%; }
            location /.privacy/ { consent_pages; }
        }
EOT
}

sub level {
    my ($node, $cookie) = @_;

    $node->get('/', cookie => $cookie);
    return $up{$node}->last->header('Consent-Level');
}

# The same cookie, issued so many seconds later; all times of its decision move with that.
sub shifted {
    my ($cookie, $seconds) = @_;

    my ($key) = $here->read('keys/cookie.key') =~ /^\S+ (\S+)$/m;
    my ($head, $claims) = $cookie =~ /^consent=(.+)\.(.+)\./;
    my $text = decode_base64url($claims);
    my ($d) = $text =~ /"d":"([^"]+)"/;
    my $bytes = decode_base64url($d);
    my $issued = unpack 'Q>', "\0\0" . substr $bytes, 18, 6;

    substr $bytes, 18, 6, substr pack('Q>', $issued + 1000 * $seconds), 2;
    $text =~ s/"d":"\K[^"]+/encode_base64url($bytes)/e;

    my $new = "$head." . encode_base64url($text);
    return "consent=$new." . encode_base64url(hmac_sha256($new, decode_base64url($key)));
}

my $cookie = $here->decide(level => 'forms');
is(level($here, $cookie), 'forms', 'where it was taken');
is(level($there, $cookie), 'forms', 'and elsewhere');
is(level($there, shifted($cookie, 0)), 'forms', 'the same cookie, made by the test');
is(level($there, shifted($cookie, -540)), 'forms', 'nine minutes later');
is(level($there, shifted($cookie, -660)), 'needed', 'eleven minutes later it raises nothing');
is(level($there, shifted($cookie, -36_000)), 'needed', 'nor in the evening');

# what is stored here, and was taken later there

$cookie = $there->decide(level => 'forms');
my $lower = $here->decide(level => 'contact', cookie => $cookie);
is(level($there, $lower), 'contact', 'lower there, lower here');
is(level($there, $cookie), 'forms', 'while this node has not heard of it');

my $higher = $here->decide(level => 'fitted', cookie => $cookie);
is(level($there, $higher), 'fitted', 'another level there, another here');

my $later = $there->decide(level => 'contact', cookie => $cookie);
is(level($there, $higher), 'contact', 'but not when she has decided here since');

done_testing;
